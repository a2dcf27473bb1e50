"""Names that are surely wrong, and names of images that a machine without a registry only cannot get."""

import pytest

from grader.base_images.right_names import cannot_be_right, nearest

KNOWN = ("golang:1.26", "alpine:latest", "golang:1.26-alpine", "node:24-alpine", "gcr.io/distroless/static-debian12")


@pytest.mark.parametrize(
    ("reference", "near"),
    [
        ("golnag:1.26", "golang:1.26"),
        ("goland:1.26", "golang:1.26"),
        ("alpne", "alpine"),
        ("alpine:lastest", "alpine:latest"),
        ("golang:1.26-apline", "golang:1.26-alpine"),
        ("golang:1.26.alpine", "golang:1.26-alpine"),
        ("node:24alpine", "node:24-alpine"),
        ("golang/1.26", "golang:1.26"),
        ("ngnix:1.27", "nginx:1.27"),
        ("gcr.io/distroles/static-debian12", "gcr.io/distroless/static-debian12"),
        ("my-builder", ""),
        ("b", ""),
    ],
)
def test_a_misspelt_name_is_known_as_one(reference: str, near: str) -> None:
    """It is the learner's, and the name that is meant is said if one is near."""
    assert cannot_be_right(reference, KNOWN)
    assert nearest(reference, KNOWN) == near


@pytest.mark.parametrize(
    "reference",
    [
        "ubuntu:24.04",
        "nginx",
        "nginx:1.27-alpine",
        "debian:trixie-slim",
        "debian:stable-20240612-slim",
        "golang:1.27",
        "golang:1.26.3-bookworm",
        "golang:1.26rc1-alpine3.22",
        "node:lts",
        "node:22.1.0-alpine3.20",
        "python:3.14.0a1-slim-trixie",
        "eclipse-temurin:21-jre-alpine",
        "postgres:17",
        "alpine/git",
        "bitnami/node:24",
        "ghcr.io/owner/app:1",
        "registry.invalid/nobody/nothing:1",
        "golang@sha256:" + "a" * 64,
        "cgr.dev/chainguard/static",
        "redis:8-bookworm",
        "gcc:14.2",
        "rust:1.90-slim-bookworm",
    ],
)
def test_a_right_name_is_no_mistake(reference: str) -> None:
    """This machine only cannot get it."""
    assert not cannot_be_right(reference, KNOWN)
