"""The published JSON Schema: it takes every golden verdict and refuses each small wrong."""

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

Change = Callable[[dict[str, Any]], object]


@pytest.fixture(scope="module")
def validator(repository: Path) -> Draft202012Validator:
    """The schema that `docs/` ships, itself checked."""
    schema = json.loads((repository / "docs" / "verdict.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def golden(case: str) -> dict[str, Any]:
    """A golden verdict as JSON data."""
    data: dict[str, Any] = json.loads((Path(__file__).parent / "golden" / case / "verdict.json").read_text("utf-8"))
    return data


def test_golden_verdicts_keep_to_the_schema(case: str, validator: Draft202012Validator) -> None:
    """What is published is what is written."""
    validator.validate(golden(case))


def objects(data: object, path: str = "") -> dict[str, dict[str, Any]]:
    """Every object in the data by its path, the first of each list."""
    found = {}
    if isinstance(data, dict):
        found[path] = data
        for key, value in data.items():
            found |= objects(value, f"{path}/{key}")
    elif isinstance(data, list) and data:
        found |= objects(data[0], f"{path}/0")
    return found


@pytest.mark.parametrize("path", objects(golden("passed")))
def test_every_key_is_needed_and_no_other_is_taken(path: str, validator: Draft202012Validator) -> None:
    """A misspelt key is a missing one and a strange one: both are named."""
    data = golden("passed")
    for key in set(objects(data)[path]) - {"dockerfile"}:  # newer than the schema, and so not required
        lacking = deepcopy(data)
        del objects(lacking)[path][key]
        assert not validator.is_valid(lacking), f"{path}/{key} was not missed"
    objects(data)[path]["strange"] = 1
    assert not validator.is_valid(data)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda data: data.update(schema="workshop/verdict/v2"), id="another schema"),
        pytest.param(lambda data: data.update(status="blocked"), id="no such status"),
        pytest.param(lambda data: data.update(status="passed"), id="passed though a criterion failed"),
        pytest.param(lambda data: data.update(status="error"), id="error though nothing erred"),
        pytest.param(lambda data: data.update(error="no disk"), id="failed though the machine did"),
        pytest.param(lambda data: data["criteria"][5].update(status="error"), id="failed though a criterion erred"),
        pytest.param(lambda data: data["criteria"][5].update(points=1), id="points for a failure"),
        pytest.param(lambda data: data["criteria"][5].update(status="skipped"), id="no such outcome"),
        pytest.param(lambda data: data["criteria"][5].update(lines=[0]), id="lines begin at 1"),
        pytest.param(lambda data: data["criteria"][5].update(lines=["2"]), id="lines are numbers"),
        pytest.param(lambda data: data["image"].update(size=-1), id="less than no bytes"),
        pytest.param(lambda data: data["image"].update(size=1.5), id="half a byte"),
        pytest.param(lambda data: data["image"]["layers"][1].update(hidden=-1), id="less than nothing hidden"),
        pytest.param(lambda data: data["base_images"][0].update(origin="magic"), id="no such origin"),
        pytest.param(lambda data: data["scale"].update(budget="25 MB"), id="sizes are bytes"),
        pytest.param(lambda data: data["builds"][0].update(seconds="9 s"), id="times are seconds"),
        pytest.param(lambda data: data.update(seconds=None), id="the time is known"),
        pytest.param(lambda data: data.update(before=None), id="a picture of before that is none"),
        pytest.param(lambda data: data.update(before={"size": 1}), id="before is a complete image"),
    ],
)
def test_a_small_wrong_is_refused(change: Change, validator: Draft202012Validator) -> None:
    """Each of these once would have gone unseen."""
    data = golden("failed")
    change(data)
    assert not validator.is_valid(data)


def test_a_verdict_without_criteria_has_not_passed(validator: Draft202012Validator) -> None:
    """Nothing asked is nothing passed."""
    data = golden("passed")
    data["criteria"] = []
    assert not validator.is_valid(data)
