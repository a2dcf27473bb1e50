"""The program can write where its data goes."""

import re

from grader.criteria.answers_http import OK, cannot_tell
from grader.criteria.facts import Shipped
from grader.criteria.formatting import shortened
from grader.criteria.outcome import Answer, Unmet
from grader.criteria.start import find_file
from grader.engine.model import Exchange

WHY = "A new volume gets owner and mode of the folder in the image: if the folder belongs to root, so does the volume."

_NUMBER = re.compile(r"-\d{5,}")
"""In a temporary file's name: it is a new one each time, and says nothing."""


def writable_data(exchange: Exchange, shipped: Shipped, folder: str) -> Answer:
    """Passes if the program was asked to write a file into `folder`, and answered that it did."""
    blocked = cannot_tell(exchange)
    if blocked or exchange.status == OK:
        return blocked
    said = shortened(_NUMBER.sub("-…", exchange.text))
    actual = f"writing into {folder} failed: {said}; {_folder_words(shipped, folder)}"
    hint = "Make the folder in the builder, and set its owner when you copy it."
    mentions = [step.first_line for step in shipped.attempt.final_instructions if folder in step.arguments]
    lines = tuple(mentions[-1:]) or shipped.attempt.last_line("USER")
    return Unmet(f"the image's user may write into {folder}", actual, WHY, hint, lines)


def _folder_words(shipped: Shipped, folder: str) -> str:
    found = find_file(shipped, folder)
    user = f"the program runs as user {shipped.image.config.user or '0 (root)'}"
    if found is None:
        return f"the image has no {folder}, and {user}"
    entry = found[1].entry
    return f"{folder} belongs to user {entry.uid} (mode {entry.mode:04o}), and {user}"
