"""Bars as SVG that reads the same in light and dark, in a notebook and on a code host. Pure."""

from html import escape

from grader.criteria.formatting import megabytes
from grader.reports.html_sizes import layer_bars, size_bars
from grader.reports.plain import line
from grader.verdict import ImageSummary, SizeScale

_WIDTH, _ROW, _TOP = 720, 34, 14
_LABEL, _BAR, _FIGURE = 84, 500, 100
PAPER, INK, SOFT = "#fcfbf8", "#1b1d21", "#5b5f66"
_COLORS = {"before": "#b9b4a7", "free": "#41638f", "within": "#1b7a48", "over": "#b4271d", "budget": "#80600b"}
SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif"
MONO = "ui-monospace,Menlo,Consolas,'DejaVu Sans Mono',monospace"
_MOST_LETTERS = 72


def size_chart(image: ImageSummary, scale: SizeScale, said: str) -> str:
    """Return the sizes of starter, image and budget as bars; `said` describes them."""
    rows = []
    for at, bar in enumerate(size_bars(image, scale)):
        y = _TOP + at * _ROW
        wide = max(2.0, bar.share * _BAR)
        rows += [
            _text(_LABEL - 10, y + 18, bar.label, "end"),
            f'<rect x="{_LABEL}" y="{y + 4}" width="{wide:.1f}" height="20" rx="3" fill="{_COLORS[bar.look]}"/>',
            _text(_LABEL + _BAR + 12, y + 18, megabytes(bar.size)),
        ]
    return _card(len(rows) // 3 * _ROW, "Size of the image", said, rows)


def layer_chart(image: ImageSummary) -> str:
    """Return what each instruction added as bars; the pale part is what later layers hide."""
    rows, said = [], []
    for at, bar in enumerate(layer_bars(image)):
        y = _TOP + at * (_ROW + 14)
        shown = bar.shown_share * (_WIDTH - _FIGURE - 40)
        hidden = bar.hidden_share * (_WIDTH - _FIGURE - 40)
        color = "#b9b4a7" if bar.from_base else "#41638f"
        rows += [
            _text(20, y + 12, line(bar.what, _MOST_LETTERS), family=MONO),
            f'<rect x="20" y="{y + 19}" width="{max(1.0, shown):.1f}" height="14" rx="2" fill="{color}"/>',
            f'<rect x="{20 + shown:.1f}" y="{y + 19}" width="{hidden:.1f}" height="14" fill="{color}" opacity="0.35"/>',
            _text(_WIDTH - 20, y + 31, megabytes(bar.size), "end"),
        ]
        said.append(layer_words(bar.what, bar.size, bar.hidden))
    return _card(len(said) * (_ROW + 14), "Layers of the image, lowest first", "; ".join(said), rows)


def layer_words(what: str, size: int, hidden: int) -> str:
    """Return one layer in words."""
    later = f" ({megabytes(hidden)} of it hidden by later layers)" if hidden else ""
    return f"{megabytes(size):>9}  {line(what, _MOST_LETTERS)}{later}"


def _card(height: float, name: str, said: str, rows: list[str]) -> str:
    """Put rows on a card of their own, so that they can be read on any ground."""
    total = height + 2 * _TOP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" width="{_WIDTH}" height="{total}" '
        f'viewBox="0 0 {_WIDTH} {total}"><title>{escape(name)}</title><desc>{escape(said)}</desc>'
        f'<rect width="{_WIDTH}" height="{total}" rx="8" fill="{PAPER}"/>{"".join(rows)}</svg>'
    )


def _text(x: float, y: float, text: str, anchor: str = "start", family: str = SANS) -> str:
    color = INK if family == SANS else SOFT
    look = f'font-family="{family}" font-size="13" text-anchor="{anchor}" fill="{color}"'
    return f'<text x="{x}" y="{y}" {look}>{escape(text)}</text>'
