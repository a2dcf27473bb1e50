"""The search finds what is there, however the bytes are cut."""

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.image.search import NeedleSearch, Trail

NEEDLES = st.lists(st.binary(min_size=1, max_size=6).map(lambda rest: b"wk" + rest), max_size=4).map(tuple)
SMALL = st.lists(st.sampled_from([b"w", b"k", b"wk", b"wka", b"a", b"wkaa", b"b"]), max_size=20)


@settings(deadline=None)
@given(st.lists(st.text("wka", min_size=1, max_size=5).map(str.encode), max_size=4).map(tuple), SMALL)
def test_pieces_are_searched_as_one(needles: tuple[bytes, ...], pieces: list[bytes]) -> None:
    """A needle may lie across two pieces, or across five."""
    trail = Trail(NeedleSearch(needles))
    for piece in pieces:
        trail.feed(piece)
    whole = b"".join(pieces)
    assert set(trail.found) == {needle for needle in needles if needle in whole}


@settings(deadline=None)
@given(NEEDLES, st.binary(max_size=60))
def test_the_common_prefix_decides_nothing_wrongly(needles: tuple[bytes, ...], data: bytes) -> None:
    """It is a shortcut, no answer."""
    assert set(NeedleSearch(needles).found_in(data)) == {needle for needle in needles if needle in data}


def test_needles_without_a_common_prefix_are_found_too() -> None:
    """A caller may search for anything."""
    assert NeedleSearch((b"one", b"two", b"")).found_in(b"two, three") == (b"two",)
