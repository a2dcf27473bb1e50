"""The verdict as JSON, schema `workshop/verdict/v1` (described in `docs/verdict.md`), and back from it.

The form of the schema is here; what the fields mean is in `grader.verdict`.
"""

import json
from typing import Any

from grader.codec import FormError, as_data, build, parse_json
from grader.errors import UsageError
from grader.verdict import ImageSummary, Verdict

SCHEMA = "workshop/verdict/v1"
_COMPUTED = ("schema", "status", "score", "max_score")
"""Keys that the schema has and that a `Verdict` computes."""
_ONLY_IF_ANY = ("left_out", "findings", "before", "dockerfile", "submission")
"""Keys that are left out where there is nothing to say."""


def render(verdict: Verdict) -> str:
    """Return the verdict as indented JSON in ASCII, so that any standard output can take it; ends with a newline."""
    return json.dumps(verdict_data(verdict), indent=2, allow_nan=False) + "\n"


def verdict_data(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as what JSON is made of, keys in the order of the contract."""
    fields = as_data(verdict)
    fields = {key: value for key, value in fields.items() if key not in _ONLY_IF_ANY or value}
    for key in ("image", "before"):
        if fields.get(key):
            fields[key] = _image(fields[key])
    error = fields.pop("error")
    first = {
        "schema": SCHEMA,
        "exercise": fields.pop("exercise"),
        "title": fields.pop("title"),
        "status": verdict.status.value,
        "score": verdict.score,
        "max_score": verdict.max_score,
        "error": error,
        "criteria": fields.pop("criteria"),
    }
    middle = {key: fields.pop(key) for key in ("image", "scale", "stages", "builds", "base_images", "engine")}
    return {**first, **middle, **fields}


def image_data(image: ImageSummary) -> dict[str, Any]:
    """Return the image as what JSON is made of; `grader.codec.build` gives it back."""
    return _image(as_data(image))


def parse(text: str | bytes) -> Verdict:
    """Return the verdict that `render` wrote.

    Raises:
        UsageError: the text is no verdict, one of another schema, or one whose score was changed.

    """
    try:
        data = parse_json(text)
    except FormError as error:
        raise UsageError(f"This is no verdict: {error}.") from error
    name = data.get("schema") if isinstance(data, dict) else None
    if name != SCHEMA:
        raise UsageError(f"This is no verdict of schema {SCHEMA}: its `schema` is {name!r}.")
    missing = [key for key in _COMPUTED if key not in data]
    if missing:
        raise UsageError(f"This verdict does not follow schema {SCHEMA}: `{missing[0]}` is missing.")
    try:
        verdict = build({key: value for key, value in data.items() if key not in _COMPUTED}, Verdict)
    except FormError as error:
        raise UsageError(f"This verdict does not follow schema {SCHEMA}: {error}.") from error
    if (data["status"], data["score"], data["max_score"]) != (verdict.status.value, verdict.score, verdict.max_score):
        raise UsageError("This verdict contradicts itself: status and score do not follow from its criteria.")
    return verdict


def _image(fields: dict[str, Any]) -> dict[str, Any]:
    """Leave out what was not looked at: `hidden` came later than the schema, which has it as an optional key."""
    layers = [
        {key: value for key, value in layer.items() if key != "hidden" or value is not None}
        for layer in fields["layers"]
    ]
    return {**fields, "layers": layers}
