"""Fills the site's templates. Styles and scripts go into each page, named by their hash in its content policy.

So a page needs no other file, works from a folder as from a server, and runs nothing that is not ours.
"""

import base64
import hashlib
import json
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

_PACKAGE = "grader.site"


def fill(template: str, *, script: str, **shown: object) -> str:
    """Return the page that `template` makes of what is `shown`; `script` names the template of its script."""
    environment = _environment()
    style, code = (environment.get_template(name).render() for name in ("site.css", script))
    policy = (
        "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; "
        f"style-src {_hash(style)}; script-src {_hash(code)}"
    )
    text = environment.get_template(template).render(
        policy=Markup(policy),  # noqa: S704 - made here from hashes
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(code),  # noqa: S704 - our own file
        **shown,
    )
    return text + "\n"


def as_data(value: object) -> Markup:
    """Return JSON that can stand inside a script element: nothing in it can end that."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
