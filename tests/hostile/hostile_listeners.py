"""Ears on every kind of socket that a process on this machine could reach without any right."""

from __future__ import annotations

import contextlib
import secrets
import socket
from pathlib import Path


class Listeners:
    """A TCP and a UDP port on this machine, a socket in a folder and an abstract one."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "socket"
        self.abstract = f"exam-{secrets.token_hex(8)}"
        self._tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._tcp.bind(("127.0.0.1", 0))
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind(("127.0.0.1", 0))
        self._unix = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._unix.bind(str(self.path))
        self.path.chmod(0o777)
        self._hidden = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._hidden.bind(f"\0{self.abstract}")
        self._streams = {"TCP": self._tcp, "unix": self._unix, "abstract unix": self._hidden}
        for stream in self._streams.values():
            stream.listen(8)
            stream.setblocking(False)
        self._udp.setblocking(False)

    @property
    def tcp(self) -> int:
        return int(self._tcp.getsockname()[1])

    @property
    def udp(self) -> int:
        return int(self._udp.getsockname()[1])

    def heard(self) -> list[str]:
        """Say who has called since the last time."""
        said = []
        for name, stream in self._streams.items():
            with contextlib.suppress(BlockingIOError):
                while True:
                    stream.accept()[0].close()
                    said.append(f"a connection on the {name} listener")
        with contextlib.suppress(BlockingIOError):
            while True:
                self._udp.recv(65536)
                said.append("a datagram on the UDP listener")
        return sorted(set(said))

    def close(self) -> None:
        """Close all of them."""
        for each in (*self._streams.values(), self._udp):
            each.close()
        self.path.unlink(missing_ok=True)
