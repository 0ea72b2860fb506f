"""YAML as Ruby writes it, read as nothing but text, lists and mappings, within bounds.

Ruby's own kinds of values carry tags (`!ruby/object:...`), which are not looked at; its symbols (`:name`) lose
their colon. Repeated values are aliases of the first, and stay one object here, so that they cost nothing
however often they occur.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

import yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_BYTES = 64 << 20
_MAX_NODES = 2_000_000
_MAX_DEPTH = 60
_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d+))?\s*"
    r"(?:Z|UTC|(?P<sign>[-+])(?P<hour>\d\d):?(?P<minute>\d\d))?"
)


class _Reader:
    def __init__(self) -> None:
        self.result: Any = None
        self._open: list[Any] = []
        self._keys: list[Any] = []
        self._anchors: dict[str, Any] = {}
        self._nodes = 0

    def take(self, event: yaml.Event) -> None:
        if isinstance(event, yaml.ScalarEvent):
            self._add(event, str(event.value))
        elif isinstance(event, yaml.SequenceStartEvent):
            self._enter(event, [])
        elif isinstance(event, yaml.MappingStartEvent):
            self._enter(event, {})
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._anchors:
                raise ValueError("an alias stands before what it stands for")
            self._put(self._anchors[event.anchor])
        elif isinstance(event, yaml.CollectionEndEvent):
            self._open.pop()
            self._keys.pop()

    def _enter(self, event: yaml.NodeEvent, value: Any) -> None:
        self._add(event, value)
        self._open.append(value)
        self._keys.append(None)
        if len(self._open) > _MAX_DEPTH:
            raise ValueError(f"it is nested more than {_MAX_DEPTH} deep")

    def _add(self, event: yaml.NodeEvent, value: Any) -> None:
        self._nodes += 1
        if self._nodes > _MAX_NODES:
            raise ValueError(f"it holds more than {_MAX_NODES} values")
        if event.anchor:
            self._anchors[event.anchor] = value
        self._put(value)

    def _put(self, value: Any) -> None:
        if not self._open:
            self.result = value
        elif isinstance(self._open[-1], list):
            self._open[-1].append(value)
        elif self._keys[-1] is None:
            # A key that is no text is none of those that are looked for.
            self._keys[-1] = value.removeprefix(":") if isinstance(value, str) else ""
        else:
            self._open[-1][self._keys[-1]] = value
            self._keys[-1] = None


def read(text: str) -> Any:
    """Return the first document of `text`.

    Raises:
        ValueError: it is no YAML, or too much of it.
    """
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.DocumentEndEvent):
                break
            reader.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise ValueError(f"line {mark.line + 1 if mark else 1}: {error.problem or error.context}") from error
    except (yaml.YAMLError, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from error
    return reader.result


def iso_time(value: Any) -> str:
    """Return a time of Ruby's in ISO 8601, or nothing where it is none; without an offset it is UTC.

    A time with a zone is a mapping in Ruby on Rails, whose `utc` holds the time.
    """
    match = _TIME.fullmatch(str(value.get("utc", "") if isinstance(value, dict) else value).strip())
    if match is None:
        return ""
    offset = timedelta(hours=int(match["hour"] or 0), minutes=int(match["minute"] or 0))
    try:
        zone = timezone(-offset if match["sign"] == "-" else offset)
        time = datetime.fromisoformat(f"{match[1]}T{match[2]}.{(match[3] or '0')[:6].ljust(6, '0')}")
    except ValueError:
        return ""
    return time.replace(tzinfo=zone).isoformat(timespec="microseconds" if time.microsecond else "seconds")
