"""What to look for in an image: every nonce that a build variant planted somewhere. Pure."""

from grader.exercise.model import Variant
from grader.exercise.nonce import Nonces, base64_forms


def needles(variant: Variant, nonces: Nonces) -> tuple[bytes, ...]:
    """Return every nonce that `variant` planted, sorted; of those in secrets and build arguments also in base64."""
    replaced = (new for _, new in variant.replaces.values())
    texts = [*variant.writes.values(), *variant.appends.values(), *replaced, *variant.build_args.values()]
    given = (*variant.secrets.values(), *variant.build_args.values())
    secrets = {nonce for text in given for nonce in nonces.planted_by(text)}
    found = secrets.union(*(nonces.planted_by(text) for text in texts))
    found.update(form for secret in secrets for form in base64_forms(secret))
    return tuple(sorted(needle.encode() for needle in found))
