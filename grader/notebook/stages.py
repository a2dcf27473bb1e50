"""The stages of a Dockerfile as a drawing and in words: what each begins from and copies from. Nothing is built."""

from collections.abc import Iterator

from grader.dockerfile.model import Stage
from grader.dockerfile.reader import read
from grader.dockerfile.stages import needed_stages
from grader.notebook.charts import INK, MONO, PAPER, SANS
from grader.reports.plain import line
from grader.site.diagrams.drawing import draw_chart
from grader.site.diagrams.model import Edge, Flowchart, Group, Node

_MOST_LETTERS = 60
_STYLE = (
    f".stages text{{font:14px {SANS};fill:{INK};text-anchor:middle}}.stages .code{{font:13px {MONO}}}"
    ".stages .node>:not(text){fill:#fff;stroke:#41638f;stroke-width:1.25}.stages .strong tspan:first-child"
    "{font-weight:650}.stages .last>:not(text){stroke-width:2.5;fill:#e9eff7}.stages .idle>:not(text)"
    "{stroke-dasharray:4 3}.stages .image>:not(text){fill:#f5f3ed;stroke:#b9b4a7}.stages .arrow{fill:none;"
    "stroke:#5b5f66;stroke-width:1.5}.stages .thick{stroke:#41638f;stroke-width:2.5}.stages .tip{fill:context-stroke}"
    f".stages .label rect{{fill:{PAPER}}}"
)


def stage_chart(dockerfile: str) -> tuple[str, str]:
    """Return the stages as SVG, and in words; both are empty where there are none."""
    stages = read(dockerfile).stages
    if not stages:
        return "", ""
    needed = {stage.index for stage in needed_stages(read(dockerfile))}
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    for stage in stages:
        look = "last" if stage is stages[-1] else "stage" if stage.index in needed else "idle"
        nodes[_id(stage.index)] = Node(_id(stage.index), (_name(stage),), "box", (look,), is_strong=True)
    for stage in stages:
        for how, source, index in _takes(stage):
            giver = f"image {source}" if index is None else _id(index)
            nodes.setdefault(giver, Node(giver, (line(source, _MOST_LETTERS),), "pill", ("image",)))
            edges.append(Edge(giver, _id(stage.index), "solid" if how == "FROM" else "thick", (how,)))
    chart = Flowchart(nodes, {"": Group("", "", "LR", tuple(nodes))}, tuple(edges))
    svg = draw_chart(chart, "Stages of the Dockerfile", "stages")
    body = svg.partition(">")[2]
    opening = svg.partition(">")[0].replace('class="diagram"', 'class="stages" xmlns="http://www.w3.org/2000/svg"')
    words = "\n".join(_words(stage, stage.index in needed) for stage in stages)
    return (
        f'{opening}><style>{_STYLE}</style><rect x="-6" y="-6" width="100%" height="100%" fill="{PAPER}"/>{body}',
        words,
    )


def _takes(stage: Stage) -> Iterator[tuple[str, str, int | None]]:
    """Return how, from what, and from which stage if it is one, without saying the same twice."""
    takes = [("FROM", stage.base, stage.base_stage)]
    takes += [("COPY --from", copy.source, copy.stage) for copy in stage.copies]
    yield from dict.fromkeys(takes)


def _words(stage: Stage, is_needed: bool) -> str:  # noqa: FBT001 - a fact about the stage
    takes = ", ".join(f"{how} {line(source, _MOST_LETTERS)}" for how, source, _ in _takes(stage))
    return f"{_name(stage)}: {takes}" + ("" if is_needed else " (nothing needs it: it is not built)")


def _name(stage: Stage) -> str:
    return line(stage.name, _MOST_LETTERS) if stage.name else f"stage {stage.index}"


def _id(index: int) -> str:
    return f"stage {index}"
