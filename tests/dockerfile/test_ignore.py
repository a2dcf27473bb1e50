"""`deciding`: the line of a .dockerignore that decides on a path."""

import pytest

from grader.dockerfile.ignore import deciding


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("node_modules", "node_modules/a/b.js"),
        ("node_modules/", "node_modules/a/b.js"),
        ("/dist", "dist/x"),
        ("./dist", "dist/x"),
        ("*.log", "a.log"),
        ("*/*.log", "b/a.log"),
        ("**/*.log", "a.log"),
        ("**/*.log", "c/b/a.log"),
        ("**/node_modules", "test/node_modules/x"),
        ("backups/**", "backups/a/b"),
        (".env*", ".env.production"),
        (".g?t", ".git/config"),
        ("node_module[s]", "node_modules/x"),
        ("[^a].txt", "b.txt"),
        ("a\\*b", "a*b"),
        ("a+b(c)", "a+b(c)"),
        ("*", "any/thing"),
    ],
)
def test_a_pattern_holds_for_what_it_names_and_all_below(pattern: str, path: str) -> None:
    """Slashes at either end do not matter."""
    rule = deciding(f"{pattern}\n", path)
    assert rule is not None
    assert (rule.line, rule.text, rule.keeps_out) == (1, pattern, True)


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("node_modules", "test/node_modules/x"),
        ("*.log", "b/a.log"),
        ("*/*.log", "a.log"),
        ("*/*.log", "c/b/a.log"),
        (".env", ".env.production"),
        (".env*  # secrets", ".env"),
        ("# .env", ".env"),
        ("[^a].txt", "a.txt"),
        ("a.b", "axb"),
        ("[z-a]", "b"),
        ("", "a"),
    ],
)
def test_a_pattern_holds_for_nothing_else(pattern: str, path: str) -> None:
    """It begins at the root, and a star does not go over a slash."""
    assert deciding(f"{pattern}\n", path) is None


def test_the_last_line_that_matches_decides() -> None:
    """Exceptions come after what they are exceptions to."""
    text = "*\r\n\r\n# source\r\n!backend\r\n**/*.log\r\n"
    assert deciding(text, "backend/server.js") is not None
    found = [deciding(text, path) for path in ("frontend/a.js", "backend/a.js", "backend/a.log")]
    assert [(rule.line, rule.keeps_out) for rule in found if rule] == [(1, True), (4, False), (5, True)]


def test_no_pattern_takes_long() -> None:
    """Forty stars in a row stalled the grader for hours, when each was tried at every place."""
    stars = "**/" * 40 + "x"
    assert deciding("**a" * 40 + f"\n{stars}\n", "a/" * 30 + "b") is None


def test_a_pattern_longer_than_anybody_writes_is_passed_by() -> None:
    """Lines are only looked at to explain."""
    assert deciding("*" * 5_000 + "\n", "a") is None
