"""Which parameters of a job differ from those of its last run, in words.

Snakemake records a job's parameters without their names, as a set of what Python's `repr` writes.
A new value is therefore paired with the old one that is most like it.
"""

import ast
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import yaml

LONGEST = 60
ABSENT = "not there"
OPTIONS = "options"
"""The parameter with all that a stage is told."""
SELECTED = "selected "
"""What the digest of rows of the user's own data begins with."""


def parameter_changes(
    old: Iterable[str], new: Mapping[str, Any], describe_code: Callable[[str, str], list[str]]
) -> list[str]:
    """Say what differs between recorded parameters and the present ones.

    old: recorded values, as `repr` wrote them. new: values by name, without those that are equal.
    describe_code: says for two fingerprints what changed in the code.
    """
    left = [_parsed(ast.literal_eval(value)) for value in old]
    changes = []
    for name, value in new.items():
        now = _parsed(value)
        before = _most_alike(now, left)
        if before is None:
            changes.append("its rows of the data" if _is_selection(now) else _now(name, now))
            continue
        left.remove(before)
        if _is_fingerprint(now):
            changes += describe_code(before, now)
        elif _is_selection(now):
            changes.append("its rows of the data")
        else:
            changes += _differences(name, before, now)
    return changes + [f"{_short(value)} is no longer said" for value in left if value != ""]


def _parsed(value: Any) -> Any:
    """Read a value that is itself JSON or YAML text; any other stays as it is."""
    if not isinstance(value, str):
        return value
    try:
        if value.startswith(("{", "[")):
            return json.loads(value)
        return yaml.safe_load(value) if "\n" in value else value
    except (ValueError, yaml.YAMLError):
        return value


def _is_fingerprint(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None


def _is_selection(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(SELECTED)


def _now(name: str, value: Any) -> str:
    return f"{name} is now {_short(value)}"


def _form(value: Any) -> tuple[type, bool, bool]:
    return type(value), _is_fingerprint(value), _is_selection(value)


def _most_alike(value: Any, others: list[Any]) -> Any | None:
    """Find the old value that the new one is in the place of: none of another form is."""
    fitting = [other for other in others if _form(other) == _form(value)]
    return max(fitting, key=lambda other: _likeness(value, other), default=None)


def _likeness(value: Any, other: Any) -> int:
    if isinstance(value, dict):
        return len(value.keys() & other.keys())
    if isinstance(value, str):
        return len(set(value.split()) & set(other.split()))
    return 0


def _differences(name: str, before: Any, now: Any) -> list[str]:
    if isinstance(now, dict):
        return [f"{_in_words(name, key)} {change}" for key, change in _changed(before, now)]
    if isinstance(now, list):
        added = sum(item not in before for item in now)
        removed = sum(item not in now for item in before)
        return [f"{name}: {added} added, {removed} removed"]
    return [f"{name} {_short(before)} → {_short(now)}"]


def _in_words(name: str, key: str) -> str:
    """Name what changed by parameter and key; of what a stage is told, by option and key."""
    if name == OPTIONS:
        name, _, key = key.partition(".")
    return f"{name}: {key}" if key else name


def _changed(before: Any, now: Any, within: str = "") -> Iterator[tuple[str, str]]:
    """Give what differs, by nested keys written as one: {"a": {"b": 1}} as a.b.

    A whole part that came or went is named once, and not each of its keys.
    """
    before, now = _by_name(before), _by_name(now)
    if before == now:
        return
    if isinstance(before, dict) and isinstance(now, dict):
        for key in before | now:
            inner = f"{within}.{key}" if within else str(key)
            yield from _changed(before.get(key, ABSENT), now.get(key, ABSENT), inner)
    elif before == ABSENT and isinstance(now, dict) and now:
        yield within, "is new"
    elif now == ABSENT and isinstance(before, dict) and before:
        yield within, "is gone"
    else:
        yield within, f"{_short(before)} → {_short(now)}"


def _by_name(value: Any) -> Any:
    """Have what has a name in a list go by it."""
    if isinstance(value, list) and all(isinstance(item, dict) and "name" in item for item in value):
        return {item["name"]: item for item in value}
    return value


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    text = " ".join(text.split()) or "nothing"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
