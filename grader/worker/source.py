"""The bytes of a student's file to text and to a tree, or why they are no Python."""

from __future__ import annotations

import ast
import io
import linecache
import tokenize
import warnings

# Encodings in which ASCII bytes mean ASCII: others (utf-7, rot13, punycode) can hide code from a reader.
_ENCODINGS = frozenset({"utf-8", "utf-8-sig", "ascii", "cp1250", "cp1252", "mac-roman"})
_FAMILIES = ("iso-8859-", "iso8859-", "latin-", "latin1")

NO_PYTHON = "not Python: "
"""What is said of a notebook's cell that could not be parsed starts so; no exception is called so."""


class UnreadableError(Exception):
    """The file is no Python: what is wrong, line and column from 1 (0 when unknown), the line's text."""

    def __init__(self, text: str, line: int = 0, column: int = 0, source: str = "") -> None:
        super().__init__(text, line, column, source)


def parse(source: bytes, name: str) -> ast.Module:
    """Return the tree of a file; its lines are kept for tracebacks.

    Args:
        source: the file's content.
        name: the file's name, for messages.

    Raises:
        UnreadableError: it is no Python.
    """
    text = read_text(source)
    tree = parse_text(text, name)
    keep_lines(text, name)
    return tree


def read_text(source: bytes) -> str:
    """Return the text of a file.

    Raises:
        UnreadableError: it is no Python.
    """
    try:
        return _decode(source)
    except SyntaxError as error:
        raise UnreadableError(str(error.msg)[:500]) from error
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        problem = f"line {line} holds bytes that are not {error.encoding}; save the file as UTF-8"
        raise UnreadableError(problem, line) from error
    except ValueError as error:
        raise UnreadableError(str(error)) from error


def parse_text(text: str, name: str) -> ast.Module:
    """Return the tree of a text.

    Raises:
        UnreadableError: it is no Python.
    """
    try:
        return _tree(text, name)
    except SyntaxError as error:
        where = (error.lineno or 0, error.offset or 0, (error.text or "").rstrip("\n")[:500])
        raise UnreadableError(str(error.msg)[:500], *where) from error
    except (ValueError, MemoryError, RecursionError) as error:
        problem = str(error) if isinstance(error, ValueError) else "its expressions are nested too deeply"
        raise UnreadableError(problem) from error


def _tree(text: str, name: str) -> ast.Module:
    try:
        return ast.parse(text, name)
    except SyntaxError:
        # Since Python 3.14 the parser, not the compiler, refuses what `__future__` does not have. It costs a line
        # all the same, not the file.
        tree = _tree_of_any_future(text, name) if "__future__" in text else None
        if tree is None:
            raise
        return tree


def _tree_of_any_future(text: str, name: str) -> ast.Module | None:
    """Return the tree, whatever is imported from `__future__`; None where that is not what is wrong."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # said when it was parsed first
        try:
            tree = ast.parse(f"0\n{text}", name)  # only what stands before all else is looked at
        except SyntaxError:
            return None
    del tree.body[0]
    return ast.increment_lineno(tree, -1)


def keep_lines(text: str, name: str) -> None:
    """Keep the lines of a file for tracebacks."""
    # Not `splitlines`: a form feed or a separator within a line would shift all line numbers after it.
    linecache.cache[name] = (len(text), None, io.StringIO(text, newline=None).readlines(), name)


def _decode(source: bytes) -> str:
    if b"\0" in source:
        raise ValueError("it holds zero bytes, so it is not Python source; hand in the .py file itself")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(source).readline)
    except SyntaxError:
        # It looks at two lines only and does not say which one it cannot read; this does.
        source.decode()
        raise
    except LookupError as error:
        # Python 3.14 says so of rot13 and the like, and that there is a function for it.
        raise ValueError(f"{str(error).partition(';')[0]}; save the file as UTF-8") from error
    if encoding not in _ENCODINGS and not encoding.startswith(_FAMILIES):
        raise ValueError(f"its encoding is declared as {encoding}; save the file as UTF-8")
    return source.decode(encoding)
