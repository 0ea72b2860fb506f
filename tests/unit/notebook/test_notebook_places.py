from __future__ import annotations

from grader.notebook import FILE, Places
from grader.notebook.places import place

PLACES = Places("h.w (1).ipynb", (1, 4, 4, 10))


def test_a_line_stands_in_the_last_cell_that_begins_before_it() -> None:
    assert [PLACES.of(line) for line in (0, 1, 3, 4, 9, 10, 999)] == [
        (0, 0), (1, 1), (1, 3), (3, 1), (3, 6), (4, 1), (4, 990)
    ]  # fmt: skip
    assert PLACES.said(5) == "cell 3, line 2"


def test_a_file_has_no_cells() -> None:
    assert FILE.of(7) == (0, 7)
    assert FILE.said(7) == "line 7"
    assert place(0, 3) == "line 3"
    assert FILE.in_text('File "", line 3') == 'File "", line 3'


def test_tracebacks_and_warnings() -> None:
    trace = 'File "h.w (1).ipynb", line 5, in f\nFile "other.py", line 5, in g\nFile "h.w (1).ipynb", line 10'
    assert PLACES.in_text(trace) == (
        'File "h.w (1).ipynb", cell 3, line 2, in f\nFile "other.py", line 5, in g\n'
        'File "h.w (1).ipynb", cell 4, line 1'
    )
    assert (
        PLACES.in_text("h.w (1).ipynb:5: RuntimeWarning: x") == "h.w (1).ipynb, cell 3, line 2: RuntimeWarning: x"
    )
    assert PLACES.in_text("bad (h.w (1).ipynb, line 5)") == "bad (h.w (1).ipynb, cell 3, line 2)"
    assert PLACES.in_text("hxw (1).ipynb:5: x") == "hxw (1).ipynb:5: x"
    assert PLACES.in_text('File "h.w (1).ipynb", line ' + "9" * 5000) == 'File "h.w (1).ipynb", line ' + "9" * 5000
