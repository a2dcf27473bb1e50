"""Which builds share their cache mounts: BuildKit keeps those of each namespace apart. Pure.

A mount keeps what an earlier build left in it, and a grade must not depend on that. So only builds of the same text in
the same workspace share one: they have the same source with the same nonces, and the layer cache serves their steps.
"""

import hashlib

from grader.dockerfile.mounts import mounts_of
from grader.dockerfile.reader import read
from grader.exercise.submission import Submission


def cache_namespace(submission: Submission, *owner: str) -> str | None:
    """Return the namespace for builds of `submission` by `owner`; None if nothing in it mounts a cache.

    What is below the last step with a cache has no part in it: after an edit there, the steps above still come from the
    layer cache.
    """
    text = submission.dockerfile
    steps = [(step, step.trigger or step) for step in read(text).instructions]
    lines = [step.last_line for step, run in steps if any(mount.may_be_cache for mount in mounts_of(run))]
    if not lines:
        return None
    parts = [*owner, submission.ignore_file.text or "", *text.split("\n")[: max(lines)]]
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()[:20]
