"""Which parameters of a job differ from those of its last run, in words.

Snakemake records a job's parameters without their names, as a set of what Python's `repr` writes.
A new value is therefore paired with the old one that is most like it.
"""

import ast
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import yaml

LONGEST = 60
ABSENT = "not there"
OPTIONS = "options"
"""The parameter with all that a stage is told."""


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
            changes.append(f"{name} is now {_short(now)}")
            continue
        left.remove(before)
        if _is_fingerprint(now):
            changes += describe_code(before, now)
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


def _most_alike(value: Any, others: list[Any]) -> Any | None:
    fitting = [
        other
        for other in others
        if type(other) is type(value) and _is_fingerprint(other) == _is_fingerprint(value)
    ]
    return max(fitting, key=lambda other: _likeness(value, other), default=None)


def _likeness(value: Any, other: Any) -> int:
    if isinstance(value, dict):
        return len(value.keys() & other.keys())
    if isinstance(value, str):
        return len(set(value.split()) & set(other.split()))
    return 0


def _differences(name: str, before: Any, now: Any) -> list[str]:
    if isinstance(now, dict):
        old, new = _flat(before), _flat(now)
        pairs = {key: (old.get(key, ABSENT), new.get(key, ABSENT)) for key in old | new}
        changed = {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}
        return [
            f"{_in_words(name, key)} {_short(was)} → {_short(is_now)}"
            for key, (was, is_now) in changed.items()
        ]
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


def _flat(value: Any, within: str = "") -> dict[str, Any]:
    """Write nested keys as one: {"a": {"b": 1}} as {"a.b": 1}; what has a name goes by it."""
    if isinstance(value, list) and all(isinstance(item, dict) and "name" in item for item in value):
        value = {item["name"]: item for item in value}
    if not isinstance(value, dict):
        return {within: value}
    flat = {}
    for key, inner in value.items():
        flat |= _flat(inner, f"{within}.{key}" if within else str(key))
    return flat


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    text = " ".join(text.split()) or "nothing"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
