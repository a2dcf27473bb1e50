"""Finds the sentences in our files, each with its line: prose, notebooks, texts in Python and TOML, messages.

What a sentence says is not judged here, only where it is. Names of files and code are blanked out, so that lines stay.
"""

import io
import json
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Text:
    """A piece of text that people read, and the line on which it starts."""

    line: int
    words: str


def blank(found: "re.Match[str]") -> str:
    """Return as many line ends as the match has, and nothing else."""
    return " " + "\n" * found[0].count("\n")


def prose(markdown: str) -> str:
    """Return Markdown without its code, comments and names of files, on the same lines."""
    text = re.sub(r"^( *)```.*?^\1```$", blank, markdown, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"<!--.*?-->", blank, text, flags=re.DOTALL)
    text = re.sub(r"\[\S+\]\([^)]*\)|\]\([^)]*\)|<https?:[^>]*>", blank, text)
    return without_names(text)


def without_names(text: str) -> str:
    """Return text without code in backticks and without words that are paths."""
    return re.sub(r"`[^`\n]*`|\S*/\S*", blank, text)


def lines_of(text: str, first: int = 1) -> Iterator[Text]:
    """Return the lines that have words."""
    for number, line in enumerate(text.splitlines(), first):
        if line.strip():
            yield Text(number, line)


def in_markdown(source: str) -> Iterator[Text]:
    """Return the lines of prose."""
    return lines_of(prose(source))


def in_notebook(source: str) -> Iterator[Text]:
    """Return the prose of Markdown cells; the line is the cell's number."""
    for number, cell in enumerate(json.loads(source)["cells"], 1):
        if cell["cell_type"] == "markdown":
            yield from (Text(number, text.words) for text in in_markdown("".join(cell["source"])))


def in_python(source: str) -> Iterator[Text]:
    """Return comments, and string literals of more than one word."""
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_string = tokenize.tok_name[token.type] in {"STRING", "FSTRING_MIDDLE"}
        if token.type == tokenize.COMMENT or (is_string and " " in token.string):
            yield from lines_of(without_names(token.string), token.start[0])


def in_toml(source: str) -> Iterator[Text]:
    """Return the lines of a TOML file: its texts are sentences, its keys are not on the list."""
    return lines_of(without_names(source))


READERS: dict[str, Callable[[str], Iterator[Text]]] = {
    ".md": in_markdown,
    ".ipynb": in_notebook,
    ".py": in_python,
    ".toml": in_toml,
    ".txt": in_toml,
}


def texts_of(file: Path) -> Iterator[Text]:
    """Return what people read in a file."""
    return READERS[file.suffix](file.read_text("utf-8"))
