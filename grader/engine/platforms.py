"""Names of platforms and machines: what the engine, the kernel and ELF files each call the same processor. Pure.

Engines call it as Go does (GOARCH); the kernel's word is what `uname -m` prints in a step.
"""

OTHER = "other"
"""In place of a platform: one that the engine's machine is not."""
KERNEL_NAMES = {"amd64": "x86_64", "arm64": "aarch64"}
ELF_NAMES = {"amd64": "x86-64", "arm64": "aarch64"}


def resolved(platform: str | None, architecture: str) -> str | None:
    """Return the platform that is meant on an engine of that architecture: `OTHER` is arm64, or amd64 on arm64."""
    if platform != OTHER:
        return platform
    return "linux/amd64" if architecture == "arm64" else "linux/arm64"


def architecture_of(platform: str) -> str:
    """Return the second part of `os/architecture` or `os/architecture/variant`."""
    return [*platform.split("/"), ""][1]
