"""What to try when a step failed, chosen by what its program wrote: a hint is all that these words decide."""

import re

from grader.criteria.step_words import telling
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
)
"""What a step's program said anywhere, in lower case, and what helps then; the first one counts."""
_BY_CAUSE = (
    (
        re.compile(r"read-only file system|erofs"),
        "A bind mount is read-only: write what the step makes to a folder outside it.",
    ),
    (
        re.compile(r"sh: (?:line )?(?:\d+: )?\S+: permission denied"),
        "That file is no program for this user: start a script with `sh FILE`, or give it the execute bit first.",
    ),
    (
        re.compile(r"permission denied|eacces|operation not permitted"),
        "The user of this step may not do that: do it above USER, or give the folder to that user (chown) above USER.",
    ),
    (
        re.compile(r"unrecognized(?: option)?:|unrecognized option|invalid option|unknown option|illegal option"),
        "This program does not know that option: is it spelt right? Programs of small images have fewer of them.",
    ),
    (
        re.compile(r"connection refused"),
        "Nothing listens at that address: a step has no other container or service next to it, only what it starts.",
    ),
    (
        re.compile(r"\b(?:apk|apt|apt-get|yum|dnf|microdnf): (?:command )?not found"),
        "Each distribution has its own program for packages: apk is Alpine's, apt-get is Debian's and Ubuntu's.",
    ),
    (
        re.compile(r"\b(?:useradd|groupadd|adduser|addgroup): (?:command )?not found"),
        "Alpine and BusyBox have adduser and addgroup, Debian has useradd and groupadd: see which this image has.",
    ),
    *((advice.pattern, advice.hint) for language in LANGUAGES for advice in language.advice),
    (
        re.compile(r"no such file|no matching files|cannot find"),
        "A command's files must be in its stage before it runs: check the COPY lines above it.",
    ),
    _NOT_FOUND,
)
"""The same for what `telling` takes for the cause: what else a program writes is no reason for a hint."""
_BY_ERROR = (
    _NO_SECRET,
    (
        re.compile(r"max depth exceeded"),
        "Each instruction that changes files makes a layer, and an image may have 127 of them: do more in one RUN.",
    ),
    (
        re.compile(r"argument list too long"),
        "The command is longer than the system allows: put it into a file, and copy that.",
    ),
    (re.compile(r"file name too long"), "A name may have 255 characters, and a path 4096."),
    (
        re.compile(r"unable to find (?:user|group)"),
        "USER does not make a user: make it in a RUN above (adduser), or use a number.",
    ),
    (re.compile(r"not a directory"), "A part of that path is a file, so nothing can be put into it."),
    _NOT_FOUND,
)
"""The same for what the builder said."""


def hint_of_step(step: BuildStep) -> str:
    """Return what to try."""
    said = ((_BY_LOG, step.log), (_BY_CAUSE, telling(step.log)), (_BY_ERROR, step.error))
    found = (hint for known, text in said for pattern, hint in known if pattern.search(text.lower()))
    return next(found, LOOK)
