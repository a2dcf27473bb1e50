"""What to try when a step failed, chosen by what its program wrote: a hint is all that these words decide."""

import re
from itertools import chain

from grader.engine.model import BuildStep
from grader.languages.known import LANGUAGES

LOOK = "Run `docker build .` in the exercise's folder and read the last lines above the error."
_NO_SECRET = (
    re.compile(r"/run/secrets/|secret \S+ not found"),
    "A secret is mounted only for its own RUN, under its id, and only for root if no uid is given.",
)
_NOT_FOUND = (
    re.compile(r"not found"),
    "Check the name and the path: look into the stage with `docker build --target STAGE` and `ls`.",
)
_BY_LOG = (
    (
        re.compile(
            r"could not resolve|temporary failure|try again later|bad address|lookup |network is unreachable"
            r"|without a network"  # says the apk of a stand-in
        ),
        "Builds here have no network: everything that is needed must be in the build context or the base image.",
    ),
    _NO_SECRET,
    *((advice.pattern, advice.hint) for language in LANGUAGES for advice in language.advice),
    (
        re.compile(r"read-only file system"),
        "A bind mount is read-only: write what the step makes to a folder outside it.",
    ),
    (
        re.compile(r"no such file|no matching files|cannot find"),
        "A command's files must be in its stage before it runs: check the COPY lines above it.",
    ),
    _NOT_FOUND,
)
"""What a step's program said of its failure, in lower case, and what helps then; the first one counts."""
_BY_ERROR = (_NO_SECRET, _NOT_FOUND)
"""The same for what the builder said."""


def hint_of_step(step: BuildStep) -> str:
    """Return what to try."""
    log, error = step.log.lower(), step.error.lower()
    by_log = (hint for pattern, hint in _BY_LOG if pattern.search(log))
    by_error = (hint for pattern, hint in _BY_ERROR if pattern.search(error))
    return next(chain(by_log, by_error), LOOK)
