"""A step that does not find something: the line above it that did not bring it."""

import pytest

from grader.criteria.facts import Attempt
from grader.criteria.lost_command import loss
from grader.dockerfile.reader import read

NO_BUNDLE = "> shop@1.0.0 build\nsh: bundle: not found\n"
NO_FOLDER = "Error: ENOENT: no such file or directory, scandir 'frontend'\n"
NO_MKDIR = "npm error enoent ENOENT: no such file or directory, mkdir '/app/node_modules'\n"
ROFS = "read-only file system"
BIND = "--mount=type=bind,target"


def line_of(dockerfile: str, log: str) -> int | None:
    """Return the line that is named if the last RUN of the Dockerfile wrote `log`."""
    attempt = Attempt("plain", read(dockerfile), None)
    runs = [step for step in attempt.dockerfile.instructions if step.keyword == "RUN"]
    found = loss(attempt, runs[-1], log)
    return found.line if found else None


@pytest.mark.parametrize(
    ("dockerfile", "log", "line"),
    [
        ("FROM n\nRUN npm ci --omit=dev\nRUN npm run build\n", NO_BUNDLE, 2),
        ("FROM n\nENV NODE_ENV=production\nRUN npm ci\nRUN npm run build\n", NO_BUNDLE, 2),
        ("FROM n\nRUN --mount=type=cache,target=/app/node_modules npm ci\nRUN npm run build\n", NO_BUNDLE, 2),
        ("FROM n AS deps\nRUN npm install --production\nFROM deps\nRUN npm run build\n", "sh: 1: bundle: not found", 2),
        ("FROM n\nRUN npm ci\nCOPY frontend backend ./\nRUN npm run build\n", NO_FOLDER, 3),
        ("FROM n\nCOPY ./frontend/ /app/\nRUN npm run build\n", NO_FOLDER, 2),
        ("FROM n AS a\nRUN npm ci\nFROM n\nRUN npm run build\n", NO_BUNDLE, 2),
        (f"FROM n\nWORKDIR /app\nRUN {BIND}=. npm ci\n", NO_MKDIR, 3),
        (f"FROM n\nWORKDIR /srv\nRUN {BIND}=/app npm ci\n", NO_MKDIR.replace("no such file or directory", ROFS), 3),
    ],
)
def test_the_cause_is_above_the_step_that_fails(dockerfile: str, log: str, line: int) -> None:
    """Packages left out, packages in a mount, a folder of which only the content was copied."""
    assert line_of(dockerfile, log) == line


@pytest.mark.parametrize(
    ("dockerfile", "log"),
    [
        ("FROM n\nRUN npm ci\nRUN bundel\n", "sh: bundel: not found"),
        ("FROM n\nRUN npm ci --omit=dev\nRUN npm run build\n", "the page is not ready"),
        ("FROM n\nRUN --mount=type=cache,target=/root/.npm npm ci\nRUN npm run build\n", NO_BUNDLE),
        ("FROM n\nCOPY frontend ./frontend\nRUN npm run build\n", NO_FOLDER),
        ("FROM n\nCOPY backend ./\nRUN npm run build\n", NO_FOLDER),
        ("FROM n AS a\nRUN npm ci\nFROM n\nCOPY --from=a /app /app\nRUN npm run build\n", NO_BUNDLE),
        ("FROM n AS a\nRUN npm ci\nFROM n\nRUN make\n", NO_BUNDLE),
        (f"FROM n\nWORKDIR /app\nRUN {BIND}=.,rw npm ci\n", NO_MKDIR),
        (f"FROM n\nWORKDIR /app\nRUN {BIND}=/src npm ci\n", NO_MKDIR),
        (f"FROM n\nWORKDIR /app\nRUN {BIND}=. npm ci\n", NO_MKDIR.replace("mkdir", "open")),
    ],
)
def test_nothing_is_guessed(dockerfile: str, log: str) -> None:
    """Another cause, or one in another stage."""
    assert line_of(dockerfile, log) is None
