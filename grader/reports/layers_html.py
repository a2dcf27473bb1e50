"""A weighed image as one self-contained page: a treemap, and the same in tables. Nothing is judged here."""

from grader.image.weights import PathWeight, Weighed
from grader.reports.html_page import page
from grader.reports.html_sizes import size_bars
from grader.reports.layers_treemap import cells, hues
from grader.reports.plain import line
from grader.reports.size_words import instruction_words, path_words, size_sentence, weight_sentences
from grader.verdict import LayerSummary


def render(weighed: Weighed) -> str:
    """Return the page."""
    is_exercise = weighed.title != weighed.subject
    image = weighed.image
    most = max((layer.size for layer in image.layers), default=0) or 1
    parts = zip(image.layers, weighed.files, weighed.paths, hues(image.layers), strict=True)
    return page(
        "layers.html",
        weighed=weighed,
        is_exercise=is_exercise,
        sentences=weight_sentences(weighed),
        size_bars=size_bars(image, weighed.scale) if is_exercise else (),
        size_sentence=size_sentence(image.size, weighed.scale),
        cells=cells(weighed),
        layers=[_row(layer, files, paths, hue, most) for layer, files, paths, hue in parts],
    )


def _row(
    layer: LayerSummary, files: int, paths: tuple[PathWeight, ...], hue: int | None, most: int
) -> dict[str, object]:
    """One layer as the template takes it: its shares are of the heaviest layer, those of its paths of itself."""
    hidden = min(layer.size, layer.hidden or 0)
    return {
        "where": "base image" if layer.from_base else f"line {layer.line}" if layer.line else "layer",
        "what": line(instruction_words(layer), 300),
        "size": layer.size,
        "files": files,
        "hidden": hidden,
        "shown_share": (layer.size - hidden) / most,
        "hidden_share": hidden / most,
        "from_base": layer.from_base,
        "hue": hue,
        "paths": [(path_words(path, 120), path.size, path.size / max(1, layer.size), path.hidden) for path in paths],
    }
