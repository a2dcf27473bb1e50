"""Edits that no build had before, as build variants. Pure: nothing is built here.

An engine's cache may have two results of one step: one of them in a build that it knows, the other in all that come
later. Two builds that are both new take the same one.
"""

from collections.abc import Mapping
from dataclasses import replace

from grader.exercise.model import Variant
from grader.exercise.nonce import FRESH

FIELD = "{fresh}"


def fresh_edits(
    variant: Variant, *, appends: Mapping[str, str] | None = None, build_args: Mapping[str, str] | None = None
) -> tuple[Variant, Variant, Variant]:
    """Return two variants as `variant`, each with an edit of its own, and the second of them again.

    In the texts of `appends` and `build_args`, which have the form of the variant's, `{fresh}` is the edit: another
    value in each of the two, and in each run.
    """
    first, second = (
        replace(
            variant,
            name=f"{variant.name}-fresh-{number}",
            appends={**variant.appends, **_numbered(appends or {}, number)},
            build_args={**variant.build_args, **_numbered(build_args or {}, number)},
        )
        for number in (1, 2)
    )
    return first, second, replace(second, name=f"{second.name}-repeated")


def _numbered(texts: Mapping[str, str], number: int) -> dict[str, str]:
    return {where: text.replace(FIELD, f"{{{FRESH}{number}}}") for where, text in texts.items()}
