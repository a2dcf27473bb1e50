"""Tells an image that cannot be started from an engine that cannot start any, by the words of the refusal. Pure."""

import re

_IMAGE_FAULT = re.compile(
    r"no command specified"
    # runc: the program is not there, is a folder, is not executable, not for that user; its folder may not be entered.
    r"|(?:unable to start container process|starting container process caused): .*?(?:exec: \"|exec /|chdir to cwd)"
    # crun, as Podman uses it
    r"|executable file .*not found in \$PATH|attempted to invoke a command that was not found"
    r"|^unable to find (?:user|group) |^uids and gids must be in range|no matching entries in (?:passwd|group) file"
    r"|^cannot mkdir: \S+ is not a directory|cannot mount volume over existing file",
    re.IGNORECASE | re.DOTALL,
)


def is_image_fault(refusal: str) -> bool:
    """Whether the engine blames what the image says: its start command, user, working directory or volumes."""
    return bool(_IMAGE_FAULT.search(refusal))
