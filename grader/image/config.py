"""Reads an image's config document into our types. `layout.py` finds it in the archive.

Source of the fields: OCI image specification, "Image Configuration", and Docker's additions (Healthcheck, Shell).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from grader.image.layout import fields, items
from grader.image.model import HistoryEntry, ImageConfig


@dataclass(frozen=True, slots=True)
class Description:
    """Content of the config document: how to run the image, its layers' diff IDs and its history."""

    config: ImageConfig
    diff_ids: tuple[str, ...]
    history: tuple[HistoryEntry, ...]


def read_description(document: Any) -> Description:
    """Return what the document says; a value that is missing or has a wrong type counts as empty."""
    document = fields(document)
    diff_ids = _strings(fields(document.get("rootfs")).get("diff_ids"))
    run = fields(document.get("config"))
    config = ImageConfig(
        entrypoint=_strings(run.get("Entrypoint")),
        command=_strings(run.get("Cmd")),
        environment=tuple(_pair(item) for item in _strings(run.get("Env"))),
        working_directory=_string(run.get("WorkingDir")),
        user=_string(run.get("User")),
        exposed_ports=tuple(fields(run.get("ExposedPorts"))),
        volumes=tuple(fields(run.get("Volumes"))),
        labels=tuple((name, _string(value)) for name, value in fields(run.get("Labels")).items()),
        stop_signal=_string(run.get("StopSignal")),
        healthcheck=_strings(fields(run.get("Healthcheck")).get("Test")),
        architecture=_string(document.get("architecture")),
        os=_string(document.get("os")),
        shell=_strings(run.get("Shell")),
    )
    return Description(config, diff_ids, _history(items(document.get("history")), len(diff_ids)))


def strings_in(document: Any) -> Iterator[str]:
    """Yield every string of a JSON document, keys too."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            waiting += value.keys()
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value


def _history(lines: list[Any], layers: int) -> tuple[HistoryEntry, ...]:
    """Map history to layers by counting; if the counts differ, no line gets a layer."""
    makers = [not fields(line).get("empty_layer") for line in lines]
    agree = sum(makers) == layers
    history = []
    layer = 0
    for line, makes_layer in zip(lines, makers, strict=True):
        at = layer if agree and makes_layer else None
        history.append(HistoryEntry(_string(fields(line).get("created_by")), _string(fields(line).get("comment")), at))
        layer += makes_layer
    return tuple(history)


def _string(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(item for item in items(value) if isinstance(item, str))


def _pair(item: str) -> tuple[str, str]:
    name, _, value = item.partition("=")
    return name, value
