"""What is being done at this moment, in words: one line for each progress event, safe to show."""

from grader.record.events import Doing, Progress
from grader.reports.plain import line

_WORDS = {
    Doing.BASE_IMAGE: "{}",
    Doing.BUILD: "building {}",
    Doing.READ_IMAGE: "reading the image of {}",
    Doing.START_CONTAINER: "starting a container of {}",
}


def what_is_done(event: Progress) -> str:
    """Return what is done to which subject, without the step: `building plain`."""
    return _WORDS[event.kind].format(line(event.subject))


def progress_words(event: Progress) -> str:
    """Return what is done, with the step: `building plain: [builder 2/4] COPY . .`."""
    step = line(event.step)
    return f"{what_is_done(event)}: {step}" if step else what_is_done(event)
