"""The program does not run as root, as the host sees it."""

import stat

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Blocked, Unmet
from grader.criteria.start import programs_named
from grader.image.model import Entry

WHY = "An attacker who breaks out of a root process is much closer to being root on the host."
_ROOT = ("0", "root")
_HARMLESS = 1 << 10
"""CAP_NET_BIND_SERVICE, for ports below 1024: what programs of other users often get, and nothing else follows."""


def non_root(user_ids: tuple[str, ...], shipped: Shipped) -> Answer:
    """Passes if no process of the container runs as user 0, and no program that it starts gets rights of root's.

    `user_ids` are those that the host sees. A program gets such rights by a setuid or setgid bit of root's, or by
    capabilities of its file.
    """
    if not user_ids:
        return Blocked("answers-http", "can't tell until the container keeps running")
    if not any(user in _ROOT for user in user_ids):
        return _no_rights_of_root(shipped)
    declared = shipped.image.config.user
    if declared and (gift := _no_rights_of_root(shipped)):
        return gift
    actual = (
        f"USER is `{declared}`, and the host sees user 0" if declared else "the image sets no USER, so it runs as root"
    )
    hint = "Set USER in the final stage, as a number if the base has no /etc/passwd; earlier stages do not count."
    return Unmet(
        "every process runs as a user other than 0",
        actual,
        WHY,
        hint,
        shipped.attempt.last_line("USER") or _elsewhere(shipped) or shipped.attempt.final_from,
    )


def _no_rights_of_root(shipped: Shipped) -> Answer:
    for path in programs_named(shipped):
        entry = shipped.tree[path].entry
        gift = _gift(entry)
        if gift:
            return Unmet(
                "what the image starts gets no rights of root's from its file",
                f"/{path} has {gift} (mode {entry.mode:04o}, user {entry.uid}, group {entry.gid})",
                WHY,
                "Ship the program with the mode 0755 and without capabilities.",
                shipped.lines_of_layers({shipped.tree[path].layer}),
            )
    return None


def _gift(entry: Entry) -> str:
    """Say by what the file gives its program rights that the user does not have; scripts cannot (execve(2))."""
    if entry.elf is None:
        return ""
    if entry.mode & stat.S_ISUID and entry.uid == 0:
        return "a setuid bit of root's"
    if entry.mode & stat.S_ISGID and entry.gid == 0:
        return "a setgid bit of root's"
    return "capabilities" if entry.capabilities & ~_HARMLESS else ""


def _elsewhere(shipped: Shipped) -> tuple[int, ...]:
    """The USER lines of stages that do not make the image."""
    return tuple(step.first_line for step in shipped.attempt.dockerfile.instructions if step.keyword == "USER")
