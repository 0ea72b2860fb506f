from __future__ import annotations

import ast
import time

import pytest

from grader.notebook.magics import python_lines


def converted(cell: str) -> str:
    lines = python_lines(cell)
    assert len(lines) == len(cell.split("\n"))
    return "\n".join(lines)


@pytest.mark.parametrize(
    "line",
    [
        "%matplotlib inline", "% matplotlib", "%timeit x = f()", "%time", "%time -q", "%time !ls",
        "!pip install numpy", "!echo \"it's", "!!ls",
        "np.exp?", "np.exp??", "?np.exp", "??f", "*int*?", "pip install numpy", "pip3 install 'x'",
        "conda install -y x", "files = !ls", "a, b = %timeit -o f()", "x =!ls", "x = %env HOME",
        "d['a'] = !ls", "a[0].b, *c = !ls", "x: list = !ls", "f(3)?", "x = f?", "cd ..", "ls -l", "mkdir data",
        "matplotlib inline", "load_ext autoreload",
    ],
)  # fmt: skip
def test_what_is_ipythons_alone_is_dropped(line: str) -> None:
    assert converted(line) == "pass"
    assert converted(f"x = 1\n{line}\ny = 2") == "x = 1\npass\ny = 2"
    assert converted(f"if x:\n    {line}\ny = 2") == "if x:\n    pass\ny = 2"


@pytest.mark.parametrize(
    "cell",
    [
        "x = 5 % 3",
        "x = (5\n% 3)",
        "x = 5 \\\n% 3",
        "x = [1,\n!2]",
        "text = '''\n%d items\n!important\nreally?\n'''",
        'text = """\n%d\n""" % (\n%3)',
        "x = '''a''' + 'it'\ny = 2",
        "# it's a comment (\nx = 1",
        "x = 'a(b'\ny = \"c[d\"",
        "x = 'it\\'s ('\ny = 1",
        "x != y\nx == y",
        "# why?\nx = 1  # really?",
        "def f(x):\n    return x\n",
        "pip = 3\npip + 1",
        "print('%s' % 3)",
        "f = lambda: 0\nf()",
        "x: int = 3\ny %= 2\nx[0] = 1",
        "assert x, 'rate=%d' % 3\nraise E('x=!')\nx = '='\nd['='] = '%'\nd['a'] =[ 1,\n%2]",
        "cd = 3\nls.x\nrm -= 1\ncat == 2\nmatplotlib.use('Agg')",
        "print('why?')\n# why?\nx = f('?')  # ?",
        "...\nx = 1\n... + y",
    ],
)
def test_python_is_left_alone(cell: str) -> None:
    assert converted(cell) == cell


def test_what_is_timed_is_run() -> None:
    assert converted("%time x = f(1,\n  2)\n%time !ls") == "x = f(1,\n  2)\npass"
    assert converted("for a in b:\n    %time f(a)") == "for a in b:\n    f(a)"


@pytest.mark.parametrize(
    ("cell", "bare"),
    [
        ("  x = 1\n  def f():\n    return x\ny", "x = 1\ndef f():\n  return x\ny"),
        ("\n\t%time\n\tx = 1", "\npass\nx = 1"),
        ("  %%bash\n  ls", "\n"),
        (">>> def f():\n...     return 1\n>>>\n>>> %time\n3", "def f():\n    return 1\n\npass\n3"),
        ("In [12]: def f():\n    ...:     return 1\n    ...: \nIn [13]: !ls", "def f():\n    return 1\n\npass"),
    ],
)
def test_an_indentation_and_prompts_come_off_as_ipython_takes_them(cell: str, bare: str) -> None:
    assert converted(cell) == bare


def test_after_a_text_or_brackets_have_ended_lines_are_looked_at_again() -> None:
    assert converted("x = '''a\n%b'''\n%time\ny = (1,\n%2)\n!ls") == "x = '''a\n%b'''\npass\ny = (1,\n%2)\npass"


def test_a_quote_in_a_shell_line_opens_nothing() -> None:
    assert converted("!echo '''\n%time\n!echo (") == "pass\npass\npass"


def test_a_line_goes_on_after_a_backslash() -> None:
    assert converted("!pip install \\\n  numpy \\\n  scipy\nx = 1") == "pass\n\n\nx = 1"


@pytest.mark.parametrize("name", ["time", "capture out", "prun -q"])
def test_a_magic_that_runs_its_body_leaves_it(name: str) -> None:
    assert converted(f"%%{name}\nx = 1\n%time\ny = 2") == "pass\nx = 1\npass\ny = 2"
    assert converted(f"\n\n%%{name}\nx = 1") == "\n\npass\nx = 1"


@pytest.mark.parametrize("name", ["bash", "html", "javascript", "writefile a.py", "timeit", "R", "", "!"])
def test_a_cell_of_another_language_is_left_out(name: str) -> None:
    assert converted(f"%%{name}\nx = 1\ny = 2").strip() == ""


def test_what_is_left_can_be_parsed() -> None:
    cell = "%matplotlib inline\nfor x in y:\n    !ls\n\ttext = 3" + "\nif a:\n    ?b\nelse:\n    %c\n"
    ast.parse(converted(cell.replace("\n\ttext = 3", "")))


@pytest.mark.parametrize(
    "cell",
    [
        "(" * 250_000, "'" * 250_000, '"""' * 80_000, "'''\n" * 60_000, "\\\n" * 125_000, "%" * 250_000,
        "\n" * 250_000,
        "a." * 125_000, "a," * 125_000 + "=", "#" * 250_000, "'\\" * 125_000, "x = " + "f'{" * 80_000,
        "a?" * 125_000,
        " " * 250_000, ("\\" * 1000 + "\n") * 250, "%%" + "a" * 250_000, "pip " * 60_000, "*" * 250_000,
        "x" + "[" * 250_000, "x" + "[a" * 125_000 + "='", "x['" * 80_000, "x" + "[']" * 80_000, "? " * 125_000,
        "?" + " " * 250_000 + "x", ("  " * 400 + "x\n") * 300, ">>> " * 60_000, "%time " * 40_000,
    ],
    ids=range(27),
)  # fmt: skip
def test_no_text_takes_longer_than_its_length(cell: str) -> None:
    started = time.process_time()
    converted(cell)
    assert time.process_time() - started < 5
