# ruff: noqa: INP001 - a module next to the scripts that use it, not a package
"""Draws what a terminal showed as SVG: one screen, or several that follow each other.

A row that several screens share is drawn once, so that a film of a hundred screens stays a small file. The fonts are
the viewer's own: a picture that fetches one from elsewhere shows nothing without a network.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from io import StringIO

from rich.color import Color
from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import SVG_EXPORT_THEME as THEME

CELL, LINE, LEFT, TOP = 12.2, 24.4, 16, 48
"""Pixels: a character's width and height, and where the first one stands."""
_PAGE = """\
<svg viewBox="0 0 {width:.0f} {height:.0f}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>{title}</title>
<style>
text {{ font: 20px ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre; }}
.window {{ font: bold 18px system-ui, sans-serif; }}
{styles}
</style>
<defs>
{rows}
</defs>
<rect fill="{background}" stroke="#888" x="1" y="1" width="{inner_width:.0f}" height="{inner_height:.0f}" rx="8"/>
<g transform="translate(26,22)">
<circle r="7" fill="#ff5f57"/><circle cx="22" r="7" fill="#febc2e"/><circle cx="44" r="7" fill="#28c840"/>
</g>
<text class="window" fill="{foreground}" text-anchor="middle" x="{middle:.0f}" y="28">{window}</text>
{frames}
</svg>
"""


@dataclass(frozen=True, slots=True)
class Frame:
    """What was shown, and for how many seconds."""

    shown: RenderableType
    seconds: float = 1.0


def film(frames: Sequence[Frame], *, width: int, window: str, title: str) -> str:
    """Draw screens of `width` columns that follow each other, again and again.

    Who asks for no motion sees the last one. `window` is in the title bar, `title` is for those who cannot see.
    """
    console = Console(width=width, file=StringIO(), force_terminal=True, color_system="truecolor")
    screens = [[_row(line) for line in console.render_lines(frame.shown, pad=False)] for frame in frames]
    rows = {row: f"r{number}" for number, row in enumerate(dict.fromkeys(row for screen in screens for row in screen))}
    whole_width, whole_height = width * CELL + 2 * LEFT, max(map(_height, screens)) * LINE + TOP + LEFT
    return _PAGE.format(
        width=whole_width,
        height=whole_height,
        inner_width=whole_width - 2,
        inner_height=whole_height - 2,
        middle=whole_width / 2,
        title=escape(title),
        window=escape(window),
        background=THEME.background_color.hex,
        foreground=THEME.foreground_color.hex,
        styles=_animation([frame.seconds for frame in frames]),
        rows="\n".join(f'<g id="{name}">{row}</g>' for row, name in rows.items() if row),
        frames="\n".join(_screen(number, screen, rows) for number, screen in enumerate(screens)),
    )


def _height(screen: Sequence[str]) -> int:
    """Count the rows down to the last one that is not blank."""
    return max((line for line, row in enumerate(screen, 1) if row), default=1)


def _screen(number: int, screen: Sequence[str], rows: dict[str, str]) -> str:
    placed = (
        f'<use href="#{rows[row]}" x="{LEFT}" y="{TOP + LINE * line:.1f}"/>' for line, row in enumerate(screen) if row
    )
    return f'<g id="f{number}" class="frame">{"".join(placed)}</g>'


def _row(line: Sequence[Segment]) -> str:
    """Draw the runs of one style in a row; an empty text if it is blank."""
    drawn = []
    column = 0
    for segment in Segment.simplify(line):
        if segment.text.strip():
            place = f'x="{column * CELL:.1f}" y="18" textLength="{segment.cell_length * CELL:.1f}"'
            drawn.append(f"<text {place} {_look(segment.style or Style())}>{escape(segment.text)}</text>")
        column += segment.cell_length
    return "".join(drawn)


def _look(style: Style) -> str:
    color = style.color or Color.default()
    weight = ' font-weight="bold"' if style.bold else ""
    dim = ' opacity="0.7"' if style.dim else ""
    return f'fill="{color.get_truecolor(THEME).hex}"{weight}{dim}'


def _animation(seconds: Sequence[float]) -> str:
    """Show each frame in its time; without motion, the last one stays."""
    if len(seconds) == 1:
        return ""
    duration = sum(seconds)
    last = len(seconds) - 1
    moving = []
    begun = 0.0
    for number, stays in enumerate(seconds):
        start, begun = 100 * begun / duration, begun + stays
        end = f"{100 * begun / duration:.2f}%,100% {{ visibility: hidden }}" if number < last else ""
        hidden = "0% { visibility: hidden } " if number else ""
        moving.append(f"@keyframes k{number} {{ {hidden}{start:.2f}% {{ visibility: visible }} {end} }}")
        moving.append(f"#f{number} {{ animation: k{number} {duration:.1f}s step-end infinite }}")
    still = f".frame {{ visibility: hidden }} #f{last} {{ visibility: visible }}"
    return "\n".join([still, "@media not (prefers-reduced-motion: reduce) {", *moving, "}"])
