"""Where a configuration says what it says: file and line of every key."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from showhow.base.errors import ShowhowError

Key = str | int
KeyPath = tuple[Key, ...]
COMMAND_LINE = "command line"
# Keys that are text to PyYAML alone: to YAML 1.1 they are yes and no.
TEXT_TO_PYYAML = {"y": True, "Y": True, "n": False, "N": False}


class _CountingLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """A loader that notes the keys which stand twice in a mapping, with their lines."""

    def __init__(self, text: str):
        super().__init__(text)
        self.seen: set[yaml.Node] = set()
        self.doubles: list[tuple[int, str, int]] = []

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        # Before merge keys are followed, which puts one key beside the other in a node.
        first_lines: dict[str, int] = {}
        for key, _ in node.value if node not in self.seen else ():
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                line = key.start_mark.line + 1
                if key.value in first_lines:
                    self.doubles.append((line, key.value, first_lines[key.value]))
                first_lines.setdefault(key.value, line)
        self.seen.add(node)
        super().flatten_mapping(node)


class YamlFile:
    """A YAML file: what it says, and in which line; raises ShowhowError where it cannot be read."""

    def __init__(self, path: Path):
        here = Path.cwd()
        self.name = path.relative_to(here) if path.is_relative_to(here) else path
        try:
            self.text = path.read_text(encoding="utf-8")
            self.content, self.doubles = _read(self.text)
        except OSError as problem:
            raise ShowhowError(f"{self.name}: cannot be read ({problem.strerror}).") from problem
        except UnicodeDecodeError as problem:
            raise ShowhowError(f"{self.name}: is not UTF-8 text; save it as UTF-8.") from problem
        except yaml.YAMLError as problem:
            mark = getattr(problem, "problem_mark", None)
            line = f", line {mark.line + 1}" if mark else ""
            reason = getattr(problem, "problem", None) or "it cannot be read"
            raise ShowhowError(f"{self.name}{line}: this is not YAML: {reason}.") from problem

    def complaints(self) -> Iterator[str]:
        """Say of each key that stands twice where it does."""
        for line, key, first in self.doubles:
            yield (
                f"{self.name}, line {line}: the key {key} stands here and in line {first}; "
                "keep one of them."
            )

    def place(self, path: KeyPath) -> str:
        """Say in which line a key stands; one of a merged mapping stands where that was written."""
        written = self._marked
        line = written.lc.line if hasattr(written, "lc") else 0
        for key in path:
            keys = (key, TEXT_TO_PYYAML.get(key, key))
            found = ((part, key) for part in _parts(written) for key in keys if key in part.lc.data)
            holder, key = next(found, (None, key))
            if holder is None:
                break
            line, written = holder.lc.data[key][0], holder[key]
        return f"{self.name}, line {line + 1}"

    @cached_property
    def _marked(self) -> Any:
        """The content with its lines: it takes long to read, and most configurations are right."""
        from ruamel.yaml import YAML

        reader = YAML()
        reader.version = (1, 1)  # as PyYAML reads, so that the keys are the same
        reader.allow_duplicate_keys = True
        with warnings.catch_warnings(action="ignore"):
            return reader.load(self.text)


@dataclass
class Places:
    """Where the keys of a configuration stand; a later file overrides an earlier one."""

    config: Any
    files: list[YamlFile]

    def of(self, path: KeyPath) -> str:
        """Say where a key stands; a key that is missing is missing where its parent stands."""
        path = path[: len(_along(self.config, path)) - 1]
        for file in reversed(self.files):
            written = _along(file.content, path)
            if file.content is not None and len(written) > len(path):
                return COMMAND_LINE if self._overrides(written[-1], path) else file.place(path)
        return COMMAND_LINE

    def _overrides(self, written: Any, path: KeyPath) -> bool:
        holds_others = written and isinstance(written, dict | list)
        return not holds_others and written != _along(self.config, path)[-1]


def _read(text: str) -> tuple[Any, list[tuple[int, str, int]]]:
    loader = _CountingLoader(text)
    try:
        return loader.get_single_data(), sorted(loader.doubles)
    except yaml.YAMLError:
        return yaml.safe_load(text), []  # slower, and clearer in what it says is wrong


def _parts(written: Any) -> Iterator[Any]:
    """Give a mapping or list with lines, and the mappings that were merged into it."""
    if hasattr(written, "lc"):
        yield written
        for merged in getattr(written, "merge", ()):
            yield from _parts(merged)


def _along(value: Any, path: KeyPath) -> list[Any]:
    """Give what is met on the way along a path, as far as there is anything."""
    met = [value]
    for key in path:
        keys = range(len(value)) if isinstance(value, list) else value
        if not isinstance(value, dict | list) or key not in keys:
            break
        value = value[key]
        met.append(value)
    return met
