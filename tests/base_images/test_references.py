"""References are spelled out as Docker does it."""

import pytest

from grader.base_images.references import parse_reference

DIGEST = "sha256:" + "0" * 64


@pytest.mark.parametrize(
    ("text", "familiar"),
    [
        ("golang", "golang:latest"),
        ("golang:1.26", "golang:1.26"),
        ("library/golang:1.26", "golang:1.26"),
        ("docker.io/library/golang", "golang:latest"),
        ("index.docker.io/library/golang:1.26", "golang:1.26"),
        ("bitnami/node", "bitnami/node:latest"),
        ("gcr.io/distroless/static", "gcr.io/distroless/static:latest"),
        ("localhost/mine:1", "localhost/mine:1"),
        ("host:5000/a/b", "host:5000/a/b:latest"),
        (f"alpine@{DIGEST}", f"alpine@{DIGEST}"),
        (f"alpine:3.20@{DIGEST}", f"alpine:3.20@{DIGEST}"),
    ],
)
def test_every_way_to_write_an_image_has_one_familiar_form(text: str, familiar: str) -> None:
    """What is left out is filled in: registry, `library/`, `latest`."""
    parsed = parse_reference(text)
    assert parsed is not None
    assert parsed.familiar == familiar


@pytest.mark.parametrize(
    "text", ["", "Golang", "golang:", "golang::1", "go lang", "-x", "a//b", "golang:1.26@sha256:12"]
)
def test_what_cannot_name_an_image_is_no_reference(text: str) -> None:
    """No engine needs to be asked about it."""
    assert parse_reference(text) is None


def test_the_registry_is_told_from_the_first_part_of_a_path() -> None:
    """Only what has a dot or a port, or is localhost, is a registry."""
    registries = [parse_reference(text) for text in ("alpine", "bitnami/node", "gcr.io/x", "localhost/x", "h:1/x")]
    assert [parsed.registry for parsed in registries if parsed] == [
        "docker.io",
        "docker.io",
        "gcr.io",
        "localhost",
        "h:1",
    ]
