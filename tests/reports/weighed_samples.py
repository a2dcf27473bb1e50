"""Weighed images for tests: one that leaves bytes behind, one with names nobody should have chosen, an empty one."""

from grader.image.weights import PathWeight, Weighed
from grader.verdict import ImageSummary, LayerSummary, SizeScale

LEAVES_BYTES_BEHIND = Weighed(
    subject="go-scratch",
    title="Nothing else",
    image=ImageSummary(
        38_007_000,
        "alpine:latest",
        30_007_000,
        (
            LayerSummary("ADD rootfs.tar / # buildkit", 8_000_000, from_base=True, hidden=0),
            LayerSummary("COPY . . # buildkit", 7_000, from_base=False, line=8, hidden=0),
            LayerSummary("COPY /usr/local/go/bin /opt/go # buildkit", 20_000_000, False, 9, 15_000_000),
            LayerSummary("RUN /bin/sh -c rm -r /opt/go/go # buildkit", 0, from_base=False, line=10, hidden=0),
            LayerSummary("COPY /out/greeter /greeter # buildkit", 10_000_000, from_base=False, line=11, hidden=0),
        ),
    ),
    scale=SizeScale(700_000_000, 10_000_000),
    added_budget=9_000_000,
    paths=(
        (PathWeight("/bin/busybox", 6_000_000, 0), PathWeight("/", 2_000_000, 0, is_rest=True)),
        (PathWeight("/src/main.go", 4_000, 0), PathWeight("/src/", 3_000, 0, is_rest=True)),
        (PathWeight("/opt/go/go", 15_000_000, 15_000_000), PathWeight("/opt/go/gofmt", 5_000_000, 0)),
        (),
        (PathWeight("/greeter", 10_000_000, 0),),
    ),
    files=(17, 3, 2, 0, 1),
)


def _hostile(text: str) -> Weighed:
    layers = (LayerSummary(text, 9_000_000, from_base=True), LayerSummary(text, 9_000_000, False, 7, 9_000_000))
    path = (PathWeight(f"/{text}", 9_000_000, 9_000_000),)
    return Weighed(
        text, text, ImageSummary(18_000_000, text, 9_000_000, layers), SizeScale(1, 1), 1, (path, path), (1, 1)
    )


HOSTILE = _hostile("</style><script>alert(1)</script>\"'>\x1b[2J\u202e\ud800\n" + "x" * 400)
EMPTY = Weighed("nothing:latest", "nothing:latest", ImageSummary(0, "", 0), SizeScale(None, None), None, (), ())
