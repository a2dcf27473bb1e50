"""References are read and spelled out as Docker does it, and there is one answer to what is one."""

import pytest

from grader.dockerfile.references import is_image_reference, parse_reference

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
        ("[::1]:5000/app", "[::1]:5000/app:latest"),
        ("[2001:db8::1]/app:1.2", "[2001:db8::1]/app:1.2"),
        ("Registry.Example/app", "Registry.Example/app:latest"),
        ("HOST/app", "HOST/app:latest"),
        (f"alpine@{DIGEST}", f"alpine@{DIGEST}"),
        (f"alpine@sha512:{'0' * 128}", f"alpine@sha512:{'0' * 128}"),
        (f"[::1]:5000/app:1@{DIGEST}", f"[::1]:5000/app:1@{DIGEST}"),
        (f"alpine:3.20@{DIGEST}", f"alpine:3.20@{DIGEST}"),
    ],
)
def test_every_way_to_write_an_image_has_one_familiar_form(text: str, familiar: str) -> None:
    """What is left out is filled in: registry, `library/`, `latest`."""
    parsed = parse_reference(text)
    assert parsed is not None
    assert parsed.familiar == familiar


@pytest.mark.parametrize(
    "text",
    [
        *("", "Golang", "golang:", "golang::1", "go lang", "-x", "a//b", "a/B", "golang:1.26@sha256:12", "[::1]:5000"),
        *("host:port/app", "[::1/app", "-host.example/app", "0" * 64, "a" * 1001, "golang\n", "gol\u00e4ng"),
    ],
)
def test_what_cannot_name_an_image_is_no_reference(text: str) -> None:
    """No engine needs to be asked about it; 64 hexadecimal digits are the ID of an image."""
    assert parse_reference(text) is None
    assert not is_image_reference(text)


@pytest.mark.parametrize(
    ("text", "registry"),
    [
        *(("alpine", "docker.io"), ("bitnami/node", "docker.io"), ("gcr.io/x", "gcr.io"), ("localhost/x", "localhost")),
        *(
            ("h:1/x", "h:1"),
            ("[::1]:5000/x", "[::1]:5000"),
            ("[::1]/x", "[::1]"),
            ("HOST/x", "HOST"),
            ("0" * 63, "docker.io"),
        ),
    ],
)
def test_the_registry_is_the_first_part_of_a_path_if_it_can_be_no_repository(text: str, registry: str) -> None:
    """What has a dot, a port or upper case, or is localhost, is a registry; everything else is on Docker Hub."""
    parsed = parse_reference(text)
    assert parsed is not None
    assert parsed.registry == registry
    assert is_image_reference(text)


@pytest.mark.parametrize(
    ("text", "repository", "name"),
    [
        ("golang:1.26", "golang", "golang"),
        ("bitnami/node", "bitnami/node", "node"),
        ("[::1]:5000/team/app", "[::1]:5000/team/app", "app"),
    ],
)
def test_the_repository_is_known_without_tag_and_digest(text: str, repository: str, name: str) -> None:
    """A colon of a registry's port or address begins no tag."""
    parsed = parse_reference(text)
    assert parsed is not None
    assert (parsed.familiar_repository, parsed.name) == (repository, name)


@pytest.mark.parametrize(("text", "has_tag"), [("alpine", False), ("alpine:latest", True), (f"alpine@{DIGEST}", False)])
def test_a_tag_that_is_filled_in_is_told_apart_from_one_that_is_written(text: str, has_tag: bool) -> None:  # noqa: FBT001
    """A remark on a base without a tag must not say that somebody wrote `latest`."""
    parsed = parse_reference(text)
    assert parsed is not None
    assert parsed.has_tag is has_tag
