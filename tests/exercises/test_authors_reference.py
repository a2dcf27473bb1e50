"""docs/exercises.md names what authors need as the code has it."""

import inspect
import re
from dataclasses import fields
from pathlib import Path

from grader.criteria.outcome import Unmet
from grader.image.model import ImageConfig

TEXT = (Path(__file__).parents[2] / "docs" / "exercises.md").read_text("utf-8")


def test_the_signature_of_unmet_is_that_of_the_code() -> None:
    """Names, order and what can be left out."""
    parameters = inspect.signature(Unmet).parameters.values()
    given = (each.name if each.default is each.empty else f"{each.name}={each.default!r}" for each in parameters)
    assert f"\nUnmet({', '.join(given)})\n" in TEXT


def test_every_field_of_an_images_config_is_in_the_table() -> None:
    """And no other one."""
    table = TEXT.partition("| field | type | from |")[2].partition("\n\n")[0]
    named = {name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named == {field.name for field in fields(ImageConfig)}
