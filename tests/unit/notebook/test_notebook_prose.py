from __future__ import annotations

from grader.notebook.prose import Section, sections


def test_text_belongs_to_the_heading_above_it_across_cells() -> None:
    assert sections(["before\n# A\none\n\ntwo", "three", "## B", "four\n###### C ##\n"]) == (
        Section("A", 1, "one\n\ntwo\n\nthree"),
        Section("B", 2, "four"),
        Section("C", 6, ""),
    )


def test_a_block_of_code_has_no_headings() -> None:
    assert sections(["# A\n```python\n# no heading\n~~~\n```\n# B\n~~~~\n# no\n~~~\n~~~~\n# C"]) == (
        Section("A", 1, "```python\n# no heading\n~~~\n```"),
        Section("B", 1, "~~~~\n# no\n~~~\n~~~~"),
        Section("C", 1, ""),
    )


def test_a_block_that_is_not_closed_ends_with_its_cell() -> None:
    assert [section.heading for section in sections(["# A\n```\n# no", "# B"])] == ["A", "B"]


def test_what_is_no_heading() -> None:
    assert sections(["#tag\n####### seven\n    # indented\ntext # no"]) == ()
    assert sections(["   # three blanks\n#\n"]) == (Section("three blanks", 1, ""), Section("", 1, ""))
