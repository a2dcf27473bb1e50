"""What an engine says when it will not start a container: the image's fault and which, or the machine's."""

import pytest

from grader.engine.silence import StartFault
from grader.engine.start_faults import start_refusal

OCI = "failed to create shim task: OCI runtime create failed: runc create failed: "
STARTING = f"{OCI}unable to start container process: "


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        ("No command specified", StartFault.NO_COMMAND),
        (f'{STARTING}exec: "/nope": stat /nope: no such file or directory: unknown', StartFault.PROGRAM_MISSING),
        (f'{STARTING}exec: "sh": executable file not found in $PATH: unknown', StartFault.PROGRAM_MISSING),
        (f'{STARTING}exec: "/etc/passwd/x": stat /etc/passwd/x: not a directory', StartFault.PROGRAM_MISSING),
        (
            f'{STARTING}error during container init: exec: "/f": permission denied: unknown',
            StartFault.PERMISSION_DENIED,
        ),
        (f"{STARTING}exec /f: permission denied: unknown", StartFault.PERMISSION_DENIED),
        (f"{STARTING}exec /f: exec format error: unknown", StartFault.OTHER),
        (
            'OCI runtime create failed: container_linux.go:380: starting container process caused: exec: "x": y',
            StartFault.OTHER,
        ),
        (
            f'{STARTING}chdir to cwd ("/w") set in config.json failed: permission denied',
            StartFault.WORKING_DIRECTORY,
        ),
        ("Cannot mkdir: /w is not a directory", StartFault.WORKING_DIRECTORY),
        ("crun: executable file `nope` not found in $PATH: No such file or directory", StartFault.PROGRAM_MISSING),
        ("OCI runtime attempted to invoke a command that was not found", StartFault.PROGRAM_MISSING),
        ("unable to find user nobodyhere: no matching entries in passwd file", StartFault.NO_SUCH_USER),
        ("unable to find group x: no matching entries in group file", StartFault.NO_SUCH_GROUP),
        ("uids and gids must be in range 0-2147483647", StartFault.NO_SUCH_USER),
        ("cannot mount volume over existing file, file exists /data/merged/bin/sh", StartFault.OTHER),
        (
            f'{STARTING}error during container init: error mounting "/data/volumes/ab/_data" to rootfs at "/proc": no',
            StartFault.OTHER,
        ),
        ("invalid volume specification: '/': invalid mount config: destination can't be '/'", StartFault.OTHER),
        ("evalSymlinksInScope: too many links in /data/merged/etc/passwd", StartFault.OTHER),
    ],
)
def test_an_image_that_cannot_be_started_is_told_with_its_fault(refusal: str, kind: StartFault) -> None:
    """Its start command, its user, its working directory, its volumes."""
    found = start_refusal(refusal)
    assert found is not None
    assert found.kind is kind


@pytest.mark.parametrize(
    "name",
    [
        "unable to find user x",
        "exec /x: permission denied",
        'exec: "x": permission denied',
        "chdir to cwd",
        "no command specified",
        "no matching entries in passwd file",
    ],
)
def test_a_program_with_a_misleading_name_is_only_missing(name: str) -> None:
    """A learner chooses it; in the refusal it is in quotes."""
    quoted = name.replace('"', '\\"')
    found = start_refusal(f'{STARTING}exec: "{quoted}": executable file not found in $PATH: unknown')
    assert found is not None
    assert found.kind is StartFault.PROGRAM_MISSING


@pytest.mark.parametrize(
    "refusal",
    [
        "mkdir /var/lib/docker/containers/x: permission denied",
        "open /proc/sys/net: no such file or directory",
        "driver failed programming external connectivity: exec: iptables: executable file not found",
        f"{STARTING}unable to apply cgroup configuration: read-only file system",
        "failed to start shim: fork/exec containerd-shim: resource temporarily unavailable",
        "",
    ],
)
def test_an_engine_that_can_start_nothing_is_not_the_image_s_fault(refusal: str) -> None:
    """Words that a learner's mistake has too, from elsewhere."""
    assert start_refusal(refusal) is None


@pytest.mark.parametrize(
    "before",
    [
        "OCI runtime create failed: container_linux.go:380: starting container process caused: ",
        STARTING,
        f"failed to create task for container: {STARTING}",
    ],
)
def test_what_engines_put_before_a_refusal_is_left_out(before: str) -> None:
    """Each version has its own; what is left is the cause, on one line and safe to show."""
    found = start_refusal(f'{before}exec: "--lo\x1b[31mud":\nexecutable file not found in $PATH: unknown')
    assert found is not None
    assert found.words == 'exec: "--loud": executable file not found in $PATH'
