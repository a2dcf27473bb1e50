"""Layers are led back to lines by the history's texts; where a text does not fit, no line is named."""

import pytest

from grader.dockerfile.reader import read
from grader.dockerfile.stages import chain, target_stage
from grader.image.model import HistoryEntry, Image, ImageConfig, Layer
from grader.image.provenance import layer_lines

MADE_BY_NOTHING = (
    "ARG ",
    "CMD ",
    "ENV ",
    "USER ",
    "SHELL ",
    "ONBUILD ",
    "LABEL ",
    "EXPOSE ",
    "/bin/sh -c #(nop)  CMD ",
)


def lines(dockerfile: str, *history: str, runs_in: tuple[str, ...] = ()) -> tuple[int | None, ...]:
    """Return the lines of the layers of an image with this history."""
    entries = []
    count = 0
    for text in history:
        makes = not text.startswith(MADE_BY_NOTHING)
        entries.append(HistoryEntry(text, "", count if makes else None))
        count += makes
    layers = tuple(Layer(f"sha256:{index}", (), "", 0) for index in range(count))
    config = ImageConfig((), (), (), "", "", (), (), (), "", (), "amd64", "linux", runs_in)
    parsed = read(dockerfile)
    stage = target_stage(parsed)
    assert stage
    return layer_lines(Image(config, layers, tuple(entries), ()), chain(parsed, stage))


BASE = ("ADD rootfs.tar / # buildkit", "# debian.sh --arch amd64")
CASES = {
    "run": ("RUN go build", "RUN /bin/sh -c go build # buildkit"),
    "run over several lines": ("RUN go \\\n  # why\n  build", "RUN /bin/sh -c go   build # buildkit"),
    "run with build arguments": ("RUN go build", "RUN |2 A=b c D= /bin/sh -c go build # buildkit"),
    "run in JSON form": ('RUN ["/b", "a b"]', "RUN /b a b # buildkit"),
    "run in JSON form with build arguments": ('RUN ["/b", "c"]', "RUN |1 A=b /b c # buildkit"),
    "run with flags": ("RUN --mount=type=cache,target=/c go build", "RUN /bin/sh -c go build # buildkit"),
    "run of a here-document": ("RUN <<EOF\na\nb\nEOF", "RUN /bin/sh -c a\nb\n # buildkit"),
    "run of a script": ("RUN <<EOF\n#!/bin/env x\nb\nEOF", "RUN /bin/sh -c /dev/pipes/EOF # buildkit"),
    "run fed by a here-document": ("RUN cat > a <<EOF\nx\nEOF", "RUN /bin/sh -c cat > a <<EOF\nx\nEOF # buildkit"),
    "copy": ("COPY a /app", "COPY a /app # buildkit"),
    "copy from a stage": ("COPY --from=0 --chown=1:2 /a ./", "COPY --chown=1:2 /a ./ # buildkit"),
    "copy as a link": ("COPY --link a /b", "COPY --link a /b # buildkit"),
    "copy in JSON form": ('COPY ["a b", "/c"]', "COPY a b /c # buildkit"),
    "copy of quoted names": ('COPY "a b" /c', "COPY a b /c # buildkit"),
    "copy with variables": ("COPY ${A:-x}/$B /c", "COPY some/thing /c # buildkit"),
    "copy of a here-document": ('COPY a <<"EOF" <<B /b/\nx\nEOF\ny\nB', "COPY a <<EOF <<B /b/ # buildkit"),
    "add": ("ADD https://example.org/x.tar /x", "ADD https://example.org/x.tar /x # buildkit"),
    "workdir": ("WORKDIR /app/", "WORKDIR /app"),
    "relative workdir": ("WORKDIR sub/./dir", "WORKDIR /app/sub/dir"),
    "workdir upwards": ("WORKDIR ../x", "WORKDIR /app/x"),
    "workdir with variables": ("WORKDIR $HOME/x", "WORKDIR /home/you/x"),
    "classic run": ("RUN go build", "/bin/sh -c go build"),
    "classic run with build arguments": ("RUN go build", "|1 A=b /bin/sh -c go build"),
    "classic copy": ("COPY a b /app/", "/bin/sh -c #(nop) COPY multi:0123 in /app/ "),
    "classic workdir": ("WORKDIR /app", "/bin/sh -c #(nop) WORKDIR /app"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_an_instruction_is_found_again_in_its_line_of_history(case: str) -> None:
    """Also where metadata stands between and the base has a history of its own."""
    instruction, text = CASES[case]
    dockerfile = f"FROM base\n{instruction}\nENV a=b\nCMD x\n"
    assert lines(dockerfile, *BASE, text, "ENV a=b", "LABEL by=us", 'CMD ["x"]') == (None, None, 2)


OTHERS = {
    "another command": ("RUN make", "RUN /bin/sh -c foo && make # buildkit"),
    "a longer command": ("RUN make", "RUN /bin/sh -c make all # buildkit"),
    "a command that ends alike": ("RUN make", "RUN /bin/sh -c nice /bin/sh -c make # buildkit"),
    "another keyword before a variable": ("COPY $A /b", "ADD a /b # buildkit"),
    "another shell": ("RUN make", "RUN /bin/bash -c make # buildkit"),
    "another keyword": ("COPY a /b", "ADD a /b # buildkit"),
    "another destination": ("COPY a /b", "COPY a /c # buildkit"),
    "another name at the end": ("COPY $A /b", "COPY x /bb # buildkit"),
    "another directory": ("WORKDIR /a", "WORKDIR /b/a"),
    "classic with another destination": ("COPY a /b", "/bin/sh -c #(nop) COPY file:0123 in /c "),
}


@pytest.mark.parametrize("case", OTHERS)
def test_a_text_that_does_not_fit_names_no_line_and_none_below(case: str) -> None:
    """What came before it cannot be reported any more, what came after can."""
    instruction, text = OTHERS[case]
    dockerfile = f"FROM base\nRUN first\n{instruction}\nRUN last\n"
    first, last = "RUN /bin/sh -c first # buildkit", "RUN /bin/sh -c last # buildkit"
    assert lines(dockerfile, first, text, last) == (None, None, 4)


def test_the_shell_in_force_counts() -> None:
    """SHELL applies to what comes after it."""
    dockerfile = 'FROM base\nRUN a\nSHELL ["/bin/bash", "-ec"]\nRUN b\n'
    history = ("RUN /bin/sh -c a # buildkit", "SHELL [/bin/bash -ec]", "RUN /bin/bash -ec b # buildkit")
    assert lines(dockerfile, *history, runs_in=("/bin/bash", "-ec")) == (2, 4)


def test_the_shell_of_the_base_counts() -> None:
    """The image's config tells it where the Dockerfile does not."""
    assert lines("FROM base\nRUN a\n", "RUN /bin/ash -c a # buildkit", runs_in=("/bin/ash", "-c")) == (2,)


def test_stages_based_on_each_other_are_one_history() -> None:
    """The lines of the base stage are named too."""
    dockerfile = "FROM x AS a\nRUN one\nFROM y\nRUN not this\nFROM a\nRUN two\n"
    history = ("RUN /bin/sh -c one # buildkit", "RUN /bin/sh -c two # buildkit")
    assert lines(dockerfile, *BASE, *history) == (None, None, 2, 6)


def test_a_trigger_that_could_have_made_it_makes_it_unknown() -> None:
    """ONBUILD COPY runs between two stages and writes the same text as the COPY before it."""
    dockerfile = "FROM x AS a\nCOPY . .\nONBUILD COPY . .\nFROM a\nRUN two\n"
    copied = "COPY . . # buildkit"
    history = (copied, "ONBUILD COPY . .", copied, "RUN /bin/sh -c two # buildkit")
    assert lines(dockerfile, *history) == (None, None, 5)


def test_an_image_without_history_has_no_lines() -> None:
    """An imported image says nothing of how it was made."""
    assert lines("FROM base\nRUN a\n") == ()


def test_a_hostile_pattern_takes_no_time() -> None:
    """A thousand variables against a long name: matching is linear, not exponential."""
    dockerfile = f"FROM base\nCOPY {'$a/x' * 1000} /b\n"
    assert lines(dockerfile, f"COPY {'x' * 10_000} /b # buildkit") == (None,)
