"""How a grade came out, in the words that every report for people uses."""

from grader.verdict import Outcome, Status, Verdict

HEADLINES = {Status.PASSED: "Passed", Status.FAILED: "Not yet", Status.ERROR: "The machine failed, not you"}


def count_words(verdict: Verdict) -> str:
    """Return how many criteria came out how: `3 passed, 1 failed, 2 in error`; empty without criteria."""
    names = {outcome: "in error" if outcome is Outcome.ERROR else outcome.value for outcome in Outcome}
    return ", ".join(f"{count} {names[outcome]}" for outcome, count in verdict.counts.items() if count)
