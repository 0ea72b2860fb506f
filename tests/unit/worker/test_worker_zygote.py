"""Its parts, each in a child of its own; `tests/unit/sandbox/test_sandbox_zygote.py` has the whole."""

from __future__ import annotations

import errno
import gc
import os
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any

import pytest

from grader.wire import encode
from grader.worker import letters, zygote
from grader.worker.bulwark import Bulwark
from grader.worker.wall.layers import WallError
from grader.worker.wall.process import ParentGoneError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks from a zygote on Linux alone")

InChild = Callable[[Callable[[], Any]], Any]
WALL: tuple[Any, ...] = (letters.WALL, [], [b"/course"], os.getpid(), None, None)


def _letter(wall: Any, *, tied: bool) -> int:
    """Return a descriptor to read the first letter from."""
    descriptor = os.memfd_create("wall")
    os.write(descriptor, encode((wall, tied)))
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _open() -> list[int]:
    found = []
    for number in range(64):
        try:
            os.fstat(number)
        except OSError:
            continue
        found.append(number)
    return found


class TestLetter:
    @pytest.mark.parametrize("tied", [True, False])
    @pytest.mark.parametrize("size", [0, 500_000])
    def test_it_is_read_to_its_end_and_not_left_open(self, in_child: InChild, tied: bool, size: int) -> None:
        wall = (*WALL[:2], [b"x" * size], *WALL[3:])

        def run() -> Any:
            result = os.dup(1)
            os.dup2(_letter(wall, tied=tied), 0)
            os.closerange(3, 64)
            told = zygote._told()
            names = {number: os.readlink(f"/proc/self/fd/{number}") for number in _open()}  # noqa: PTH115
            del result
            return told, {number: names.get(number) for number in (0, 3, 4)}, [n for n in names if n > 4]

        told, first, others = in_child(run)
        assert told == (wall, tied)
        assert set(first.values()) == {os.devnull}
        assert others == []


class TestWall:
    def _prepared(self, in_child: InChild, monkeypatch: pytest.MonkeyPatch, *, tied: bool) -> Any:
        died: list[int] = []
        monkeypatch.setattr(zygote, "die_with", died.append)

        def run() -> Any:
            bulwark = zygote._prepared([], WALL, tied)
            assert isinstance(bulwark, Bulwark)
            return bulwark.starter == os.getpid(), died

        return in_child(run)

    def test_workers_die_with_the_zygote_and_it_with_the_grader(
        self, in_child: InChild, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert self._prepared(in_child, monkeypatch, tied=True) == (True, [os.getpid()])

    def test_it_does_not_end_with_a_thread(self, in_child: InChild, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self._prepared(in_child, monkeypatch, tied=False) == (True, [])

    @pytest.mark.parametrize("error", [WallError("landlock: no room"), OSError("landlock: no room")])
    def test_one_that_cannot_be_prepared_is_words_for_the_workers(
        self, monkeypatch: pytest.MonkeyPatch, error: Exception
    ) -> None:
        def refuse(*_: object) -> None:
            raise error

        died: list[int] = []
        monkeypatch.setattr(zygote, "die_with", died.append)
        monkeypatch.setattr(zygote, "Bulwark", refuse)
        assert zygote._prepared([], WALL, tied=True) == "landlock: no room"
        assert died == [os.getpid()]


class TestFork:
    def _forked(self, in_child: InChild, work: Callable[[tuple[int, int]], None]) -> tuple[Any, ...]:
        """Fork a worker in a child; return how it ended, what it said and what its zygote has open."""

        def run() -> Any:
            ours, control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            pairs = [os.pipe() for _ in range(3)]
            its = (pairs[0][0], pairs[1][1], pairs[2][1])
            before = len(_open())
            pid = zygote._fork(control, its, work)
            open_after = before - len(_open())
            _, status = os.waitpid(pid, 0)
            said = [os.read(read, 1 << 16) for read in (pairs[1][0], pairs[2][0])]
            ours.close()
            return os.waitstatus_to_exitcode(status), said, open_after, control.fileno() >= 0

        return in_child(run)  # type: ignore[no-any-return]

    def test_its_ends_are_where_a_worker_has_them(self, in_child: InChild) -> None:
        def work(ends: tuple[int, int]) -> None:
            os.write(1, b"one")
            os.write(2, b"two")
            os.write(ends[1], repr((ends, os.getsid(0) == os.getpid(), os.read(0, 1))).encode())

        status, said, closed, is_open = self._forked(in_child, work)
        assert status == 0
        assert said == [repr(((3, 4), True, b"")).encode(), b"onetwo"]
        assert (closed, is_open) == (3, True)

    def test_the_socket_is_closed_before_anything_else(self, in_child: InChild) -> None:
        def work(ends: tuple[int, int]) -> None:
            sockets = [one for one in gc.get_objects() if isinstance(one, socket.socket)]
            pair = [one.fileno() >= 0 for one in sockets if one.type == socket.SOCK_SEQPACKET]
            os.write(ends[1], repr((sum(pair), False in pair)).encode())

        # The other end of the pair is the test's own.
        assert self._forked(in_child, work)[1][0] == b"(1, True)"

    def test_whatever_is_raised_ends_it_as_a_process(self, in_child: InChild) -> None:
        def work(_ends: tuple[int, int]) -> None:
            sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)  # as a worker has it
            raise SystemExit("no more")

        status, said, *_ = self._forked(in_child, work)
        assert status == 1
        assert b"SystemExit: no more" in said[1]

    def test_without_its_zygote_it_ends_as_if_killed(
        self, in_child: InChild, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def gone(_zygote: int) -> None:
            raise ParentGoneError("process 7 has ended")

        monkeypatch.setattr(zygote, "die_with", gone)
        status, said, *_ = self._forked(in_child, lambda _: None)
        assert (status, said) == (-signal.SIGKILL, [b"", b""])

    def test_where_the_machine_starts_no_more(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse() -> int:
            raise OSError(errno.EAGAIN, "Resource temporarily unavailable")

        monkeypatch.setattr(os, "fork", refuse)
        ours, control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        reading, writing = os.pipe()
        with ours, control:
            assert zygote._fork(control, [writing], lambda _: None) == -errno.EAGAIN
        assert os.read(reading, 1) == b""
        os.close(reading)


def test_it_forks_until_the_socket_is_closed(in_child: InChild) -> None:
    ours, control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    pairs = [[os.pipe() for _ in range(3)] for _ in range(2)]
    for requests, answers, prints in pairs:
        socket.send_fds(ours, [b"f"], (requests[0], answers[1], prints[1]))
    ours.shutdown(socket.SHUT_WR)

    def serve(_requests: int, answers: int, sites: Any, bulwark: Any) -> None:
        os.write(answers, f"{sites} {type(bulwark).__name__}".encode())
        os._exit(7)

    def run() -> list[int]:
        os.dup2(_letter(WALL, tied=False), 0)
        high = socket.socket(fileno=os.dup2(control.fileno(), 50, inheritable=False))
        zygote.nurse(high, ["/site"], serve)
        return sorted(os.waitstatus_to_exitcode(os.wait()[1]) for _ in pairs)

    assert in_child(run) == [7, 7]
    pids = [letters.NUMBER.unpack(ours.recv(letters.ORDER))[0] for _ in pairs]
    assert len(set(pids)) == 2
    for ends in pairs:
        assert os.read(ends[1][0], 100) == b"['/site'] Bulwark"
        for pair in ends:
            for descriptor in pair:
                os.close(descriptor)
    ours.close()
    control.close()


def test_it_says_how_a_worker_ended(in_child: InChild) -> None:
    def run() -> int:
        ours, control = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        child = os.fork()
        if child == 0:
            os._exit(5)
        os.dup2(_letter(WALL, tied=False), 0)
        high = socket.socket(fileno=os.dup2(control.fileno(), 50, inheritable=False))
        ours.send(b"w" + letters.NUMBER.pack(child))
        ours.shutdown(socket.SHUT_WR)
        os.dup2(ours.fileno(), 51)
        zygote.nurse(high, [], lambda *_: None)
        return int(letters.NUMBER.unpack(os.read(51, 64))[0])

    assert in_child(run) == 5
