"""What is known of languages: each in its own file, and together without a contradiction."""

from pathlib import PurePosixPath

import pytest

from grader.criteria.no_package_caches import cache_of
from grader.image.model import Entry, Kind
from grader.languages.known import ENDED, LANGUAGES, TOOLCHAIN_REPOSITORIES
from grader.languages.model import Language

every_language = pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)


@every_language
def test_a_cache_is_told_by_its_folder(language: Language) -> None:
    """Feedback names the folder, so every pattern has to find one."""
    for cache in language.caches:
        assert cache.pattern.groupindex.keys() == {"folder"}


@every_language
def test_years_and_months_are_some(language: Language) -> None:
    """A release's last fixes come in a month that there is."""
    assert all(2020 < year < 2040 and 1 <= month <= 12 for year, month in language.ended.values())


def test_no_two_languages_claim_an_image() -> None:
    """A base image belongs to one language."""
    claimed = [name for language in LANGUAGES for name in language.repositories]
    assert len(claimed) == len(set(claimed)) == len(ENDED)


def test_images_that_carry_a_compiler_are_those_of_compiled_languages() -> None:
    """To start from node or python is fine in production."""
    assert set(TOOLCHAIN_REPOSITORIES) == {"golang", "gcc"}


@pytest.mark.parametrize(
    ("path", "cache"),
    [
        ("root/.cache/pip/http-v2/a/b", ("pip's cache", "/root/.cache/pip")),
        ("home/app/.cache/uv/wheels-v5/x", ("uv's cache", "/home/app/.cache/uv")),
        ("root/.npm/_cacache/index-v5/aa", ("npm's cache", "/root/.npm/_cacache")),
        (f"root/.cache/go-build/ab/{'ab' * 32}-d", ("Go's build cache", "/root/.cache/go-build")),
        ("var/lib/apt/lists/x_Packages", ("apt's package lists", "/var/lib/apt/lists")),
        ("opt/venv/lib/python3.13/site-packages/pip/__init__.py", None),
    ],
)
def test_a_third_language_is_known_to_criteria_by_its_file_alone(path: str, cache: tuple[str, str] | None) -> None:
    """`no_package_caches` asks the languages, and the distributions next to them."""
    entry = Entry(PurePosixPath(path), Kind.FILE, size=5, mode=0o644, uid=0, gid=0)
    assert cache_of(entry) == cache
