"""The image says which port it listens on."""

from grader.criteria.facts import Shipped
from grader.criteria.outcome import Answer, Unmet

WHY = "EXPOSE is how an image tells people and tools which port to publish; it opens nothing by itself."


def exposes_port(shipped: Shipped, port: str) -> Answer:
    """Passes if the image's config names `port`, such as `8080/tcp`, among the exposed ports."""
    exposed = shipped.image.config.exposed_ports
    if port in exposed:
        return None
    attempt, expected = shipped.attempt, f"the image exposes {port}"
    if exposed:
        number, _, protocol = port.partition("/")
        hint = "EXPOSE takes the port on which the program listens inside the container; -p chooses the host's port."
        if any(other.partition("/")[0] == number for other in exposed):
            hint = f"The number is right, and the program speaks {protocol.upper()}: write EXPOSE {number}."
        return Unmet(expected, f"the image exposes {', '.join(exposed)}", WHY, hint, attempt.last_line("EXPOSE"))
    elsewhere = [step.first_line for step in attempt.dockerfile.instructions if step.keyword == "EXPOSE"]
    hint = "Add an EXPOSE instruction to the final stage: earlier stages do not pass on their ports."
    return Unmet(expected, "the image exposes no port", WHY, hint, tuple(elsewhere) or attempt.final_from)
