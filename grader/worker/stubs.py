"""Stand-ins for what shows things and is not there, plotting libraries and notebooks' own names.

A plot must not cost a homework's marks.
"""

from __future__ import annotations

import builtins
import importlib.machinery
import sys
import types
from collections.abc import Iterable, Sequence, Sized
from importlib.abc import Loader, MetaPathFinder
from typing import Any

import numpy as np

_PLOTTING = frozenset({
    "IPython", "google", "ipywidgets", "matplotlib", "mpl_toolkits", "plotly", "pylab", "seaborn", "tqdm",
})  # fmt: skip


class Stub(types.ModuleType):
    """A module of which every attribute is something that may be called, indexed and iterated to no effect."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _OWN.get(name, _Nothing())


def _subplots(rows: int = 1, columns: int = 1, **_options: object) -> tuple[Any, Any]:
    """Return a figure and as many axes as matplotlib would, for whoever takes them apart."""
    if rows == columns == 1:
        return _Nothing(), _Nothing()
    axes = np.empty((rows, columns), dtype=object)
    for index in np.ndindex(rows, columns):
        axes[index] = _Nothing()
    return _Nothing(), axes.squeeze()


class _Nothing:
    """What a stand-in's functions are, and return: itself."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *_args: object, **_options: object) -> _Nothing:
        return self

    def __getitem__(self, _key: object) -> _Nothing:
        return self

    def __setitem__(self, _key: object, _value: object) -> None:
        return None

    def __delitem__(self, _key: object) -> None:
        return None

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        # `while plt.fignum_exists(1)` must end.
        return False

    def __add__(self, _other: object) -> _Nothing:
        return self

    __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = __rtruediv__ = __add__

    def __iter__(self) -> Any:
        # Two, as in `figure, axes = plt.subplots()`.
        return iter((self, self))

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_exc: object) -> None:
        return None


class _Progress(_Nothing):
    """A progress bar around what is iterated over."""

    def __init__(self, iterable: Iterable[Any] | None = None, *_args: object, **_options: object) -> None:
        self._iterable = () if iterable is None else iterable

    def __iter__(self) -> Any:
        return iter(self._iterable)

    def __len__(self) -> int:
        return len(self._iterable) if isinstance(self._iterable, Sized) else 0


def _progress_of_range(*bounds: int, **_options: object) -> _Progress:
    return _Progress(range(*bounds))


_OWN = {
    "subplots": _subplots, "tqdm": _Progress, "tqdm_notebook": _Progress, "trange": _progress_of_range,
    "tnrange": _progress_of_range,
}  # fmt: skip


class StubFinder(MetaPathFinder, Loader):
    """Finds plotting libraries after every other finder has failed to."""

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: types.ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return a stand-in's spec for a plotting library, None for anything else."""
        if fullname.partition(".")[0] not in _PLOTTING:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> types.ModuleType:
        """Return an empty stand-in."""
        return Stub(spec.name)

    def exec_module(self, _module: types.ModuleType) -> None:
        """Do nothing: a stand-in has no code."""


def install_in_notebook() -> None:
    """Give a notebook the two names that Jupyter has without an import, to no effect."""
    vars(builtins).update(display=_Nothing(), get_ipython=_Nothing())


def install() -> None:
    """Let imports of missing plotting libraries succeed from now on."""
    sys.meta_path.append(StubFinder())
