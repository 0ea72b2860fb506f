from __future__ import annotations

import random
from typing import TYPE_CHECKING

from grader.worker.wall.bpf import (
    ALLOW,
    FAIL,
    FURTHEST,
    IF_EQUAL,
    KILL_PROCESS,
    LOAD,
    NUMBER,
    Block,
    Instruction,
    allow,
    assemble,
    by_number,
    choose,
    fail,
    high,
    if_any_bit,
    if_one_of,
    if_own_pid,
    kill,
    low,
)

if TYPE_CHECKING:
    from conftest import Machine

PID = 4711


def run(machine: Machine, block: Block, number: int = 0, *arguments: int) -> int:
    return machine(assemble(block).code(PID), 0, number, *arguments)


def test_verdicts(machine: Machine) -> None:
    assert run(machine, allow()) == ALLOW
    assert run(machine, kill()) == KILL_PROCESS
    assert run(machine, fail(38)) == FAIL | 38


def test_one_of(machine: Machine) -> None:
    block = if_one_of(low(1), [3, 5, 8], yes=allow(), no=fail(1))
    allowed = [value for value in range(10) if run(machine, block, 0, 0, value) == ALLOW]
    assert allowed == [3, 5, 8]


def test_high_half(machine: Machine) -> None:
    block = if_one_of(high(2), [1], yes=allow(), no=kill())
    assert run(machine, block, 0, 0, 0, 1 << 32) == ALLOW
    assert run(machine, block, 0, 0, 0, 1) == KILL_PROCESS


def test_any_bit(machine: Machine) -> None:
    block = if_any_bit(low(0), 0b110, yes=kill(), no=allow())
    assert [run(machine, block, 0, value) == ALLOW for value in range(5)] == [True, True, False, False, False]


def test_own_pid_is_filled_in_later(machine: Machine) -> None:
    block = if_own_pid(low(0), yes=allow(), no=kill())
    assert run(machine, block, 0, PID) == ALLOW
    assert run(machine, block, 0, PID + 1) == KILL_PROCESS
    assert machine(assemble(block).code(99), 0, 0, 99) == ALLOW


def test_far_jumps(machine: Machine) -> None:
    long = tuple(Instruction(LOAD, NUMBER) for _ in range(FURTHEST + 40)) + allow()
    block = (Instruction(LOAD, NUMBER), *choose(IF_EQUAL, 7, yes=kill(), no=long))
    assert run(machine, block, 7) == KILL_PROCESS
    assert run(machine, block, 8) == ALLOW


def test_tree_agrees_with_a_dictionary(machine: Machine) -> None:
    draw = random.Random(3)
    fates = [allow(), fail(1), fail(38), if_one_of(low(0), [1], yes=allow(), no=kill())]
    for size in (0, 1, 2, 7, 60, 400):
        verdicts = {draw.randrange(500): draw.choice(fates) for _ in range(size)}
        block = (Instruction(LOAD, NUMBER), *by_number(verdicts, otherwise=kill()))
        for number in (*range(510), 0x7FFFFFFF, 0xFFFFFFFF):
            expected = run(machine, verdicts.get(number, kill()), number)
            assert run(machine, block, number) == expected


def test_neighbours_share_a_leaf() -> None:
    scattered = by_number(dict.fromkeys(range(0, 100, 2), allow()), otherwise=kill())
    together = by_number(dict.fromkeys(range(100), allow()), otherwise=kill())
    assert len(together) == 3 < len(scattered)


def test_length() -> None:
    program = assemble(if_own_pid(low(0), yes=allow(), no=kill()))
    assert program.length == 4
    assert program.pid_offsets == (12,)
