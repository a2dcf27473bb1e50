"""What a notebook shows of a verdict: the same in text, HTML and pictures, safe whatever a learner wrote."""

from xml.etree import ElementTree as ET

from grader.notebook.showing import layers_bundle, stages_bundle, verdict_bundles
from grader.verdict import CriterionResult, ImageSummary, LayerSummary, Outcome, SizeScale, Verdict

_HOSTILE = "<script>alert(1)</script>\x1b[31m"


def verdict(*, image: bool = True) -> Verdict:
    """A verdict with one pass, one fail, one block, and names that nobody should have chosen."""
    layers = (
        LayerSummary("ADD rootfs.tar /", 700, from_base=True, hidden=100),
        LayerSummary(f"RUN {_HOSTILE}", 300, from_base=False, line=3, hidden=300),
    )
    return Verdict(
        "one",
        "One",
        (
            CriterionResult("a", "It builds", Outcome.PASSED, 10, 10),
            CriterionResult("b", "It is `small`", Outcome.FAILED, 0, 20, "1 MB", _HOSTILE, "why not", "try it", (3,)),
            CriterionResult("c", "It runs", Outcome.BLOCKED, 0, 5, actual="it is not small"),
        ),
        None,
        1.0,
        "2026-01-01T00:00:00+00:00",
        "0",
        ImageSummary(1000, "base:1", 300, layers) if image else None,
        scale=SizeScale(2000, 500),
    )


def test_text_tells_what_failed_and_how() -> None:
    """Code hosts and screen readers get all of it."""
    text = verdict_bundles(verdict())[0]["text/plain"]
    assert text.splitlines()[:3] == ["Not yet: 10 of 35 points", "✓ It builds  10/10", "✗ It is `small`  0/20"]
    assert "    where: line 3" in text
    assert "○ It runs  0/5" in text


def test_no_figure_of_the_run_itself_is_in_what_is_kept() -> None:
    """Seconds and dates would make each run's output another one."""
    for bundle in verdict_bundles(verdict()):
        assert not any("2026" in content or "1.0 s" in content for content in bundle.values())


def test_what_a_learner_wrote_is_text() -> None:
    """No markup of theirs reaches the page, no control character the terminal."""
    for bundle in (*verdict_bundles(verdict()), layers_bundle(verdict()), stages_bundle(f"FROM a{_HOSTILE}\n")):
        assert "\x1b" not in "".join(bundle.values())
        assert "<script" not in bundle.get("text/html", "") + bundle.get("image/svg+xml", "")


def test_pictures_are_whole_and_described() -> None:
    """Each is good XML with a title and words for who cannot see it, and takes nothing from elsewhere."""
    sizes = verdict_bundles(verdict())[1]
    for bundle in (sizes, layers_bundle(verdict()), stages_bundle("FROM a AS b\nFROM c\nCOPY --from=b /d /e\n")):
        svg = ET.fromstring(bundle["image/svg+xml"])  # noqa: S314 - drawn here
        names = [element.tag.rpartition("}")[2] for element in svg.iter()]
        assert {"title", "desc"} <= set(names)
        assert not {"image", "script", "use", "a"} & set(names)


def test_hidden_bytes_are_told() -> None:
    """What is shipped for nobody is the point of looking at layers."""
    assert "of it hidden by later layers" in layers_bundle(verdict())["text/plain"]


def test_without_an_image_there_are_words() -> None:
    """A Dockerfile that does not build has no sizes and no layers."""
    assert len(verdict_bundles(verdict(image=False))) == 1
    assert layers_bundle(verdict(image=False)) == {"text/plain": "There is no image: the Dockerfile did not build."}
