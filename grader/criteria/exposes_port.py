"""The image says which port it listens on."""

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Unmet

WHY = "EXPOSE is how an image tells people and tools which port to publish; it opens nothing by itself."


def exposes_port(shipped: Shipped, port: str) -> Answer:
    """Hold if the image's config names `port`, such as `8080/tcp`, among the exposed ports."""
    exposed = shipped.image.config.exposed_ports
    if port in exposed:
        return None
    actual = f"the image exposes {', '.join(exposed)}" if exposed else "the image exposes no port"
    hint = "Add an EXPOSE instruction to the final stage: stages before it do not pass theirs on."
    return Unmet(f"the image exposes {port}", actual, WHY, hint, shipped.attempt.last_line("EXPOSE"))
