"""Fills a template of `templates/` into one self-contained page: styles inside, no script, nothing fetched.

Text from outside is made safe twice: control characters are spelt out by `plain.py`, markup is escaped by Jinja2.
"""

from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from grader.criteria.formatting import megabytes
from grader.reports.plain import block, line
from grader.reports.variant_words import variant_words


def page(template: str, **shown: object) -> str:
    """Return the page that `template` makes of what is `shown`, in ASCII, so that any standard output can take it."""
    text = _environment().get_template(template).render(**shown)
    return text.encode("ascii", "xmlcharrefreplace").decode("ascii") + "\n"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("grader.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"megabytes": megabytes, "line": line, "block": block, "percent": percent, "prose": prose}
    environment.filters["variant"] = variant_words
    return environment


def percent(share: float) -> str:
    """Return a share of 0 to 1 as CSS writes it; what is more than nothing is still seen."""
    return f"{max(0.4 if share > 0 else 0.0, min(1.0, share) * 100):.4g}%"


def prose(text: str, most: int = 800, most_lines: int = 10) -> Markup:
    """Return safe text in which what stands between two backticks is code."""
    parts = block(text, most, most_lines).split("`")
    if len(parts) % 2 == 0:
        return escape("`".join(parts))
    code = Markup("<code>{}</code>")
    return Markup("").join(code.format(part) if index % 2 else escape(part) for index, part in enumerate(parts))
