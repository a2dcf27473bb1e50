"""Whether a cell came out as declared. Pure: verdicts in, complaints in words out."""

from grader.authoring.cells import Cell, Role
from grader.verdict import CriterionResult, Outcome, Status, Verdict


def complaints(cell: Cell, verdict: Verdict) -> tuple[str, ...]:
    """Return what is not as declared; empty when all is."""
    if verdict.status is Status.ERROR:
        return (f"could not be graded: {verdict.error}",)
    failed = {result.id: result for result in verdict.criteria if result.status is Outcome.FAILED}
    found = [*_teaching(failed)]
    if verdict.max_score != 100:  # noqa: PLR2004 - the contract: points of one exercise add up to 100
        found.append(f"points add up to {verdict.max_score}, not 100")
    if cell.role is Role.STARTER:
        found += [] if failed else ["the starter fails nothing: there is nothing to learn"]
    else:
        found += _differences(set(cell.fails or ()), set(failed))
    found += _blocked_without_cause(verdict, failed)
    if cell.line is not None and not any(cell.line in result.lines for result in failed.values()):
        found.append(f"no failed criterion names line {cell.line}")
    if cell.says and not any(cell.says in f"{result.actual} {result.hint}" for result in failed.values()):
        found.append(f"the feedback does not say `{cell.says}`")
    return tuple(found)


def _differences(declared: set[str], failed: set[str]) -> list[str]:
    missing = [f"{identity} should fail but did not" for identity in sorted(declared - failed)]
    return missing + [f"{identity} failed though it should not" for identity in sorted(failed - declared)]


def _blocked_without_cause(verdict: Verdict, failed: dict[str, CriterionResult]) -> list[str]:
    blocked = [result.id for result in verdict.criteria if result.status is Outcome.BLOCKED]
    return [f"{', '.join(blocked)} blocked although nothing failed"] if blocked and not failed else []


def _teaching(failed: dict[str, CriterionResult]) -> list[str]:
    """Every failed criterion must say what was expected, what was there, why it matters and what to try."""
    return [
        f"{result.id} fails without saying {name}"
        for result in failed.values()
        for name in ("expected", "actual", "why", "hint")
        if not getattr(result, name)
    ]
