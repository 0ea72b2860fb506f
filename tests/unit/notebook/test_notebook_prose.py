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
    assert sections(["####### seven\n    # indented\ntext # no\n**bold** text\n---\n"]) == ()
    assert sections(["**a** or **b**\n\n---\n==="]) == ()
    assert sections(["   # three blanks\n#\n"]) == (Section("three blanks", 1, ""), Section("", 1, ""))


def test_html_is_a_heading_too_and_no_part_of_one() -> None:
    text = '<h2 style="color: red">1I</h2>\n<b>x</b>\n# <a id="x"></a><font color=red>**2G**</font> #'
    assert sections([text]) == (Section("1I", 2, "<b>x</b>"), Section("**2G**", 1, ""))


def test_what_may_be_meant_as_a_heading() -> None:
    texts = ["**1I**\nBecause\n**so**", "Part 2G\n---\nx\n\ny\n===\n\n__2.h)__:\nz", "##3D\nw"]
    assert sections(texts) == (
        Section("1I", 7, "Because\n**so**"), Section("Part 2G", 7, "x"), Section("y", 7, ""),
        Section("2.h)", 7, "z"), Section("3D", 7, "w"),
    )  # fmt: skip
