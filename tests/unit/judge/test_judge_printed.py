from __future__ import annotations

import pytest

from grader.judge.compare import Terms
from grader.judge.printed import compare_printed
from grader.judge.verdict import Right, Wrong

TERMS = Terms(rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("", ""),
        ("a b", " a\n\tb \n"),
        ("3.5", "3.5000001"),
        ("1e3", "1000"),
        ("[1. 2.]", "[1.0, 2.0]"),
        ("(1, 2)", "1 2"),
        ("[[1. 0.]\n [0. 1.]]", "1 0\n0 1"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("0", "-0.0"),
        ("é∂", "é∂"),
    ],
)
def test_the_same_text(expected: str, got: str) -> None:
    assert compare_printed(expected, got, TERMS) == Right()


@pytest.mark.parametrize(
    ("expected", "got", "detail"),
    [
        ("a b", "a c", "at word 2: expected 'b', got 'c'"),
        ("3.5", "3.51", "at word 1: expected '3.5', got '3.51'"),
        ("3.5", "nan", "at word 1: expected '3.5', got 'nan'"),
        ("nan", "3.5", "at word 1: expected 'nan', got '3.5'"),
        ("inf", "1e300", "at word 1: expected 'inf', got '1e300'"),
        ("3.5", "three", "at word 1: expected '3.5', got 'three'"),
        ("Sum", "sum", "at word 1: expected 'Sum', got 'sum'"),
    ],
)
def test_another_text(expected: str, got: str, detail: str) -> None:
    assert compare_printed(expected, got, TERMS) == Wrong("the printed text is wrong", detail)


def test_too_much_and_too_little() -> None:
    assert compare_printed("a b", "a b c", TERMS) == Wrong(
        "the printed text holds too much", "expected 2 words, got 3"
    )
    assert compare_printed("a b", "a", TERMS) == Wrong(
        "the printed text holds too little", "expected 2 words, got 1"
    )


def test_a_tolerance_is_the_case_s() -> None:
    assert compare_printed("100", "101", Terms(rtol=0.02, atol=0)) == Right()
    assert isinstance(compare_printed("100", "103", Terms(rtol=0.02, atol=0)), Wrong)
