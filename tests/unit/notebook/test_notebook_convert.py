from __future__ import annotations

from notebook_json import code, markdown, notebook

from grader.notebook import Places, Section, read_notebook


def test_cells_stand_one_after_another_and_it_is_known_where() -> None:
    made = read_notebook(notebook(markdown("# 1A\ntext"), code("%time\nx = 1"), code(" \n"), code("y = 2\n\n")))
    assert made.source == b"pass\nx = 1\ny = 2\n\n\n"
    assert made.cells == (1, 3)
    assert made.sections == (Section("1A", 1, "text"),)


def test_a_cell_without_code_is_not_counted_as_in_jupyter() -> None:
    assert read_notebook(notebook(code(""), code("!ls"), code("x = 1"))).cells == (1, 2)


def test_no_cells() -> None:
    made = read_notebook(notebook())
    assert (made.source, made.cells, made.sections) == (b"", (), ())


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    content = notebook(code("x = 'AB'")).replace(b"AB", b"\\ud800")
    assert read_notebook(content).source == b"x = '?'\n"


def test_the_places_of_its_lines() -> None:
    made = read_notebook(notebook(code("x = 1\n\nz = 3"), code("y = 2")))
    places = Places("hw.ipynb", made.cells)
    assert [places.of(line) for line in range(6)] == [(0, 0), (1, 1), (1, 2), (1, 3), (2, 1), (2, 2)]
