"""How data becomes JSON and comes back, and how TOML is read: one place for the record, reports, state and exercises.

Types are frozen dataclasses and `msgspec.Struct`s; values that do not fit them are a `FormError`, which names the place.
The standard library reads and writes the text: it accepts every string that Python has, single surrogates too.
"""

import difflib
import json
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

T = TypeVar("T")


class FormError(ValueError):
    """The data does not have the right form. `key` is the path of the wrong key, if known: `budgets.image_size`."""

    def __init__(self, message: str, key: str = "") -> None:
        super().__init__(message)
        self.key = key


def encode(value: object) -> bytes:
    """Return `value` as JSON on one line, in ASCII."""
    return json.dumps(as_data(value)).encode("ascii")


def decode(text: str | bytes, kind: type[T]) -> T:
    """Return the value of type `kind` from the JSON `text`.

    Raises:
        FormError: it is not JSON, or does not have that form.

    """
    return build(parse_json(text), kind)


def parse_json(text: str | bytes) -> Any:
    """Return the content of the JSON `text`.

    Raises:
        FormError: it is not JSON.

    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise FormError(f"it is not JSON ({_in_lower_case(error)})") from error


def parse_toml(text: str) -> dict[str, Any]:
    """Return the content of the TOML `text`.

    Raises:
        FormError: it is not TOML.

    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise FormError(f"it is not TOML ({_in_lower_case(error)})") from error


def as_data(value: object) -> Any:
    """Return `value` in JSON's types: dictionaries, lists, strings, numbers."""
    return msgspec.to_builtins(value)


def build(data: object, kind: type[T]) -> T:
    """Return the value of type `kind` that `data` describes. Every key must be known and every value of its type.

    Raises:
        FormError: it does not describe one; the message names the key.

    """
    for path, key, known in _unknown_keys(data, _form_of(kind), ""):  # type: ignore[arg-type]
        near = difflib.get_close_matches(key, known, n=1)
        offer = f"did you mean `{near[0]}`?" if near else f"known keys are {', '.join(known)}"
        raise FormError(f"unknown key `{path}{key}`: {offer}", f"{path}{key}")
    return convert(data, kind)


def convert(data: object, kind: type[T]) -> T:
    """Return the value of type `kind` that `data` describes. Keys that the type does not have are ignored.

    Raises:
        FormError: it does not describe one.

    """
    try:
        return msgspec.convert(data, kind)
    except msgspec.ValidationError as error:
        raise _form_error(str(error)) from error


_OBJECTS = (msgspec.inspect.StructType, msgspec.inspect.DataclassType)
_LISTS = (msgspec.inspect.VarTupleType, msgspec.inspect.ListType)
_Unknown = Iterator[tuple[str, str, tuple[str, ...]]]


@cache
def _form_of(kind: Any) -> msgspec.inspect.Type:
    return msgspec.inspect.type_info(kind)


def _unknown_keys(data: object, form: msgspec.inspect.Type, path: str) -> _Unknown:
    """Yield each key that its type does not have: the path above it, the key, the keys that the type has."""
    if isinstance(form, msgspec.inspect.UnionType):
        forms = [each for each in form.types if not isinstance(each, msgspec.inspect.NoneType)]
        form = forms[0] if len(forms) == 1 else form
    if isinstance(form, _OBJECTS) and isinstance(data, Mapping):
        yield from _unknown_in_object(data, form, path)
    elif isinstance(form, _LISTS) and isinstance(data, list):
        for item in data:
            yield from _unknown_keys(item, form.item_type, path)
    elif isinstance(form, msgspec.inspect.DictType) and isinstance(data, Mapping):
        for key, value in data.items():
            yield from _unknown_keys(value, form.value_type, f"{path}{key}.")


def _unknown_in_object(
    data: Mapping[str, object], form: msgspec.inspect.StructType | msgspec.inspect.DataclassType, path: str
) -> _Unknown:
    fields = {field.encode_name: field.type for field in form.fields}
    tag = getattr(form, "tag_field", None)
    for key, value in data.items():
        if key in fields:
            yield from _unknown_keys(value, fields[key], f"{path}{key}.")
        elif key != tag:
            yield path, str(key), tuple(fields)


_WRONG = re.compile(r"(?P<what>.+?)(?: - at `(?P<path>[^`]*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(?P<name>[^`]+)`")
_WRONG_TYPE = re.compile(r"Expected `(?P<wanted>[^`]+)`, got `(?P<found>[^`]+)`")
"""msgspec's message about a value that does not fit its type; it reports this only as text."""
_TYPES = {
    "array": "a list",
    "bool": "true or false",
    "float": "a number",
    "int": "an integer",
    "null": "nothing",
    "object": "a table",
    "str": "a string",
}


def _form_error(message: str) -> FormError:
    """Say in our own words which key is wrong, and why."""
    match = _WRONG.fullmatch(message)
    what, path = (match["what"], match["path"] or "$") if match else (message, "$")
    key = path.removeprefix("$").removeprefix(".")
    missing, wrong_type = _MISSING.fullmatch(what), _WRONG_TYPE.fullmatch(what)
    if missing:
        key = f"{key}.{missing['name']}".removeprefix(".")
        return FormError(f"`{key}` is missing", key)
    name = f"`{key}`" if key else "it"
    if wrong_type:
        wanted = " or ".join(_TYPES.get(kind, kind) for kind in wrong_type["wanted"].split(" | "))
        return FormError(f"{name} is {_TYPES.get(wrong_type['found'], wrong_type['found'])}, expected {wanted}", key)
    return FormError(f"{name} is wrong: {what[:1].lower()}{what[1:]}", key)


def _in_lower_case(error: Exception) -> str:
    """Return the library's message as the second half of a sentence."""
    text = str(error)
    return text[:1].lower() + text[1:]
