"""The private engine's network bridge, made with ioctl calls, because a bare machine has no `ip` command.

Request numbers and structures are Linux's (linux/sockios.h, netdevice(7)); which address the bridge gets is
`addresses.py`.
"""

import errno
import socket
import struct
from contextlib import suppress
from fcntl import ioctl
from ipaddress import IPv4Interface

from grader.errors import MachineError

_ADD_BRIDGE = 0x89A0
_DELETE_BRIDGE = 0x89A1
_GET_FLAGS = 0x8913
_SET_FLAGS = 0x8914
_SET_ADDRESS = 0x8916
_SET_NETMASK = 0x891C
_UP = 0x1
_NAME = 16


def make_bridge(name: str, address: IPv4Interface) -> None:
    """Make the bridge `name` with `address`, replacing an old one, and start it.

    Raises:
        MachineError: the kernel refuses.

    """
    remove_bridge(name)
    try:
        with _socket() as control:
            ioctl(control, _ADD_BRIDGE, _padded(name))
            ioctl(control, _SET_ADDRESS, _with_address(name, address.ip.packed))
            ioctl(control, _SET_NETMASK, _with_address(name, address.netmask.packed))
            _set_up(control, name, up=True)
    except OSError as error:
        with suppress(MachineError):
            remove_bridge(name)
        raise MachineError(
            f"The private engine's network bridge cannot be made ({error.strerror}). This machine does not let root "
            "make network devices. Use a full virtual machine, or start Docker yourself."
        ) from error


def remove_bridge(name: str) -> None:
    """Remove the bridge `name`; it is no error if there is none.

    Raises:
        MachineError: the kernel refuses.

    """
    if not bridge_exists(name):
        return
    try:
        with _socket() as control:
            _set_up(control, name, up=False)
            ioctl(control, _DELETE_BRIDGE, _padded(name))
    except OSError as error:
        if error.errno not in (errno.ENXIO, errno.ENODEV):
            raise MachineError(f"The network bridge {name} cannot be removed: {error.strerror}.") from error


def bridge_exists(name: str) -> bool:
    """Whether there is an interface of that name."""
    return any(name == existing for _, existing in socket.if_nameindex())


def _socket() -> socket.socket:
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def _padded(name: str) -> bytes:
    return name.encode().ljust(_NAME, b"\0")


def _with_address(name: str, packed: bytes) -> bytes:
    return struct.pack("16sHH4s16x", name.encode(), socket.AF_INET, 0, packed)


def _set_up(control: socket.socket, name: str, *, up: bool) -> None:
    answer = ioctl(control, _GET_FLAGS, struct.pack("16sH22x", name.encode(), 0))
    flags = struct.unpack("16sH22x", answer)[1]
    ioctl(control, _SET_FLAGS, struct.pack("16sH22x", name.encode(), flags | _UP if up else flags & ~_UP))
