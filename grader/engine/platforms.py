"""Names of platforms and machines: the engine, the kernel and ELF files each name the same processor. Pure.

Engines use Go's name (GOARCH); `uname -m` prints the kernel's name in a step.
"""

OTHER = "other"
"""Stands for a platform that is not the platform of the engine's machine."""
KERNEL_NAMES = {"amd64": "x86_64", "arm64": "aarch64"}
ELF_NAMES = {"amd64": "x86-64", "arm64": "aarch64"}


def resolved(platform: str | None, architecture: str) -> str | None:
    """Return the platform that is meant on an engine with this architecture: `OTHER` is arm64, or amd64 on arm64."""
    if platform != OTHER:
        return platform
    return "linux/amd64" if architecture == "arm64" else "linux/arm64"


def architecture_of(platform: str) -> str:
    """Return the second part of `os/architecture` or `os/architecture/variant`."""
    return [*platform.split("/"), ""][1]
