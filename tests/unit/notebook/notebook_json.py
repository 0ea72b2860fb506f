"""Notebooks for tests, as Jupyter writes them."""

from __future__ import annotations

import json
from typing import Any


def code(text: str | list[str], **more: Any) -> dict[str, Any]:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text, **more}


def markdown(text: str | list[str], **more: Any) -> dict[str, Any]:
    return {"cell_type": "markdown", "metadata": {}, "source": text, **more}


def notebook(*cells: Any, **more: Any) -> bytes:
    content = {"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5, **more}
    return json.dumps(content).encode()


def old_notebook(*cells: Any, version: int = 3) -> bytes:
    sheets = [{"cells": list(cells), "metadata": {}}]
    return json.dumps(
        {"metadata": {"name": "old"}, "nbformat": version, "nbformat_minor": 0, "worksheets": sheets}
    ).encode()
