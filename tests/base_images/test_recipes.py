"""Which stand-in serves a reference."""

from collections import Counter

import pytest

from grader.base_images.stand_ins.all_recipes import RECIPES, find_recipe
from grader.base_images.stand_ins.make import identity
from grader.dockerfile.references import parse_reference
from grader.exercise.catalogue import all_exercises

SERVED = {
    "golang:1.26": ("golang", "golang:latest", "golang:1.26-bookworm", "docker.io/library/golang:1.26", "golang:1"),
    "golang:1.22": ("golang:1.22", "golang:1.22-bookworm"),
    "golang:1.26-alpine": ("golang:1.26-alpine", "golang:alpine", "golang:1-alpine"),
    "alpine:latest": ("alpine", "alpine:3", "docker.io/alpine"),
    "alpine:3.20": ("alpine:3.20", "library/alpine:3.20"),
    "debian:bookworm-slim": ("debian:bookworm-slim", "debian:bookworm", "debian:stable-slim", "debian:12-slim"),
    "busybox:latest": ("busybox", "busybox:latest"),
    "python:3.13-slim": ("python:3.13-slim", "python:3.13-slim-trixie", "docker.io/library/python:3.13-slim"),
    "gcr.io/distroless/static-debian12:latest": ("gcr.io/distroless/static-debian12", "gcr.io/distroless/static"),
    "gcr.io/distroless/static-debian12:nonroot": (
        "gcr.io/distroless/static-debian12:nonroot",
        "gcr.io/distroless/static:nonroot",
    ),
}


@pytest.mark.parametrize(("name", "references"), SERVED.items())
def test_tags_that_mean_the_same_image_share_a_stand_in(name: str, references: tuple[str, ...]) -> None:
    """Whatever a learner writes for an image finds the recipe of that image."""
    for reference in references:
        recipe = find_recipe(reference)
        assert recipe is not None, reference
        assert recipe.name == name


@pytest.mark.parametrize(
    "reference",
    [
        "alpnie:latest",
        "golang:1.25",
        "python:3.12-slim",
        "python:3.13-slim-bookworm",
        "python:3.13-alpine",
        "python:slim",
        "ubuntu",
        "mirror.example/golang:1.26",
        "someone/alpine",
        f"alpine@sha256:{'0' * 64}",
        f"golang:1.26@sha256:{'0' * 64}",
        "Not An Image",
    ],
)
def test_other_images_have_none(reference: str) -> None:
    """A typo, another version, another registry's image and a pinned digest are not passed off as something else."""
    assert find_recipe(reference) is None


def test_no_reference_is_served_twice() -> None:
    """Each reference belongs to one recipe and is written as `docker images` shows it."""
    references = [reference for recipe in RECIPES for reference in recipe.references]
    assert [reference for reference, count in Counter(references).items() if count > 1] == []
    assert [text for text in references if (parsed := parse_reference(text)) is None or parsed.familiar != text] == []


def test_every_base_is_a_recipe() -> None:
    """A recipe can only be stacked on one that is there."""
    assert [recipe.name for recipe in RECIPES if recipe.base and find_recipe(recipe.base) is None] == []


def test_every_exercise_can_be_done_with_stand_ins() -> None:
    """No exercise names a base image that needs a registry."""
    named = {reference for exercise in all_exercises() for reference in exercise.base_images}
    assert named, "no exercise names a base image"
    assert [reference for reference in named if find_recipe(reference) is None] == []


def test_an_image_made_on_an_older_base_is_told_from_a_newer_one() -> None:
    """The identity of a stacked stand-in contains its base's, so that it is made again with it."""
    recipe, base = find_recipe("golang:1.26-alpine"), find_recipe("alpine:latest")
    assert recipe is not None
    assert base is not None
    assert identity(recipe).endswith(f" on {identity(base)}")
    assert identity(base) == f"{base.name} {base.version}"
