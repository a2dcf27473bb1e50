"""The verdict as JSON, schema `workshop/verdict/v1` (described in `docs/verdict.md`), and back from it.

Only the form is told here; what the fields mean is in `grader.verdict`.
"""

import json
from dataclasses import asdict
from typing import Any

from grader.errors import UsageError
from grader.verdict import (
    BaseImage,
    BuildSummary,
    CriterionResult,
    EngineSummary,
    Finding,
    ImageSummary,
    LayerSummary,
    Origin,
    Outcome,
    SizeScale,
    StageSummary,
    Verdict,
)

SCHEMA = "workshop/verdict/v1"


def render(verdict: Verdict) -> str:
    """Return the verdict as indented JSON in ASCII, so that any standard output can take it; ends with a newline."""
    return json.dumps(as_data(verdict), indent=2, allow_nan=False) + "\n"


def as_data(verdict: Verdict) -> dict[str, Any]:
    """Return the verdict as what JSON is made of, keys in the order of the contract."""
    fields = asdict(verdict)
    return {
        "schema": SCHEMA,
        "exercise": verdict.exercise,
        "title": verdict.title,
        "status": verdict.status.value,
        "score": verdict.score,
        "max_score": verdict.max_score,
        "error": verdict.error,
        "criteria": [
            {**criterion, "status": result.status.value, "lines": list(result.lines)}
            for criterion, result in zip(fields["criteria"], verdict.criteria, strict=True)
        ],
        "image": verdict.image and image_data(verdict.image),
        "scale": fields["scale"],
        "stages": [{**stage, "copies_from": list(stage["copies_from"])} for stage in fields["stages"]],
        "builds": list(fields["builds"]),
        "base_images": [
            {"reference": image.reference, "origin": image.origin.value, "id": image.id}
            for image in verdict.base_images
        ],
        "engine": fields["engine"],
        "seconds": verdict.seconds,
        "started_at": verdict.started_at,
        "grader_version": verdict.grader_version,
        **({"left_out": list(verdict.left_out)} if verdict.left_out else {}),
        **({"findings": list(fields["findings"])} if verdict.findings else {}),
        **({"before": image_data(verdict.before)} if verdict.before else {}),
    }


def image_data(image: ImageSummary) -> dict[str, Any]:
    """Return the image as what JSON is made of; `image_of` gives it back."""
    fields = asdict(image)
    return {**fields, "layers": [_layer(raw) for raw in fields["layers"]]}


def image_of(data: dict[str, Any]) -> ImageSummary:
    """Return the image that `image_data` took apart.

    Raises:
        KeyError, TypeError: it did not make this.

    """
    return ImageSummary(**{**data, "layers": tuple(LayerSummary(**layer) for layer in data["layers"])})


def parse(text: str | bytes) -> Verdict:
    """Return the verdict that `render` wrote.

    Raises:
        UsageError: the text is no verdict, one of another schema, or one whose score was changed.

    """
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"This is no verdict: it is not JSON ({error}).") from error
    name = data.get("schema") if isinstance(data, dict) else None
    if name != SCHEMA:
        raise UsageError(f"This is no verdict of schema {SCHEMA}: its `schema` is {name!r}.")
    try:
        verdict = _verdict(data)
        told = (data["status"], data["score"], data["max_score"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"This verdict does not keep to schema {SCHEMA}: {_in_words(error)}.") from error
    if told != (verdict.status.value, verdict.score, verdict.max_score):
        raise UsageError("This verdict contradicts itself: status and score do not follow from its criteria.")
    return verdict


def _verdict(data: dict[str, Any]) -> Verdict:
    image, scale, engine, before = data["image"], data["scale"], data["engine"], data.get("before")
    return Verdict(
        exercise=data["exercise"],
        title=data["title"],
        criteria=tuple(_criterion(raw) for raw in data["criteria"]),
        engine=engine and EngineSummary(**engine),
        seconds=data["seconds"],
        started_at=data["started_at"],
        grader_version=data["grader_version"],
        image=image and image_of(image),
        stages=tuple(StageSummary(**{**raw, "copies_from": tuple(raw["copies_from"])}) for raw in data["stages"]),
        builds=tuple(BuildSummary(**raw) for raw in data["builds"]),
        base_images=tuple(BaseImage(**{**raw, "origin": Origin(raw["origin"])}) for raw in data["base_images"]),
        scale=scale and SizeScale(**scale),
        error=data["error"],
        left_out=tuple(data.get("left_out", ())),
        findings=tuple(Finding(**raw) for raw in data.get("findings", ())),
        before=before and image_of(before),
    )


def _layer(fields: dict[str, Any]) -> dict[str, Any]:
    """Leave out what was not looked at: `hidden` came later than the schema, which has it as an optional key."""
    return {key: value for key, value in fields.items() if key != "hidden" or value is not None}


def _criterion(raw: dict[str, Any]) -> CriterionResult:
    return CriterionResult(**{**raw, "status": Outcome(raw["status"]), "lines": tuple(raw["lines"])})


def _in_words(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
