"""What is being done at this moment, in words: one line for each progress event, safe to show."""

from grader.record.events import Doing, Progress
from grader.reports.plain import line
from grader.reports.variant_words import variant_words

_WORDS = {
    Doing.BASE_IMAGE: "{}",
    Doing.BUILD: "building {}",
    Doing.READ_IMAGE: "reading the image of {}",
    Doing.START_CONTAINER: "starting a container of {}",
}


def what_is_done(event: Progress) -> str:
    """Return what is done to which subject, without the step: `building your Dockerfile`."""
    subject = line(event.subject) if event.kind is Doing.BASE_IMAGE else variant_words(event.subject)
    return _WORDS[event.kind].format(subject)


def progress_words(event: Progress) -> str:
    """Return what is done, with the step: `building your Dockerfile: [builder 2/4] COPY . .`."""
    step = line(event.step)
    return f"{what_is_done(event)}: {step}" if step else what_is_done(event)
