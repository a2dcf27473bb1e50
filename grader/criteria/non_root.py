"""The program does not run as root, as the host sees it."""

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Blocked, Unmet

WHY = "An attacker who breaks out of a root process is much closer to being root on the host."
_ROOT = ("0", "root")


def non_root(user_ids: tuple[str, ...], shipped: Shipped) -> Answer:
    """Passes if no process of the container runs as user 0; `user_ids` are those that the host sees."""
    if not user_ids:
        return Blocked("answers-http", "can't tell until the container keeps running")
    if not any(user in _ROOT for user in user_ids):
        return None
    declared = shipped.image.config.user
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


def _elsewhere(shipped: Shipped) -> tuple[int, ...]:
    """The USER lines of stages that do not make the image."""
    return tuple(step.first_line for step in shipped.attempt.dockerfile.instructions if step.keyword == "USER")
