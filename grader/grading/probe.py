"""Writes Dockerfiles that are a submission's up to some place and then look around there. Pure; nothing is judged.

What a stage holds while it is built is in no image that is shipped: the way in is one more step of our own. The
submission's text says where to look, and decides nothing.
"""

import json
from collections.abc import Sequence

REPORT = "/report"
"""Where the script's output lies in the image that such a Dockerfile gives."""
_FOLDER = "/workshop-probe"
_WRITE = f"mkdir {_FOLDER} && exec > {_FOLDER}{REPORT} || exit\n"


def probing(
    text: str, until: int, stage: int, script: str, *, arguments: Sequence[str] = (), mounts: Sequence[str] = ()
) -> str:
    """Return the first `until` lines of `text`, which end in stage number `stage`, and a step that runs `script` there.

    `script` is for any POSIX shell and gets the `arguments`; its output is all that is shipped. `mounts` are values
    of `--mount`.
    """
    options = "".join(f"--mount={mount} " for mount in mounts)
    command = json.dumps(["sh", "-c", _WRITE + script, "sh", *arguments])
    last = "FROM --platform=$BUILDPLATFORM scratch"  # for another platform some engines make no container of it
    steps = ["USER 0", f"RUN {options}{command}", last, f"COPY --from={stage} {_FOLDER} /"]
    return "\n".join([*text.split("\n")[:until], *steps]) + "\n"
