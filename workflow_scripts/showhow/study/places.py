"""Where a configuration says what it says: file and line of every key."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import yaml

from showhow.base.errors import ShowhowError

Key = str | int
KeyPath = tuple[Key, ...]
COMMAND_LINE = "command line"

FastestLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlFile:
    """A YAML file: what it says, and in which line; raises ShowhowError where it cannot be read."""

    def __init__(self, path: Path):
        here = Path.cwd()
        self.name = path.relative_to(here) if path.is_relative_to(here) else path
        try:
            text = path.read_text(encoding="utf-8")
            try:
                self._read(FastestLoader(text))
            except yaml.YAMLError:
                self._read(yaml.SafeLoader(text))  # slower, and clearer in what it says is wrong
        except OSError as problem:
            raise ShowhowError(f"{self.name}: cannot be read ({problem.strerror}).") from problem
        except UnicodeDecodeError as problem:
            raise ShowhowError(f"{self.name}: is not UTF-8 text; save it as UTF-8.") from problem
        except yaml.YAMLError as problem:
            raise ShowhowError(f"{self.name}{_no_yaml(problem)}.") from problem

    def _read(self, loader: Any) -> None:
        self._loader = loader
        self._root = loader.get_single_node()
        # Before the content is made, which puts the keys of merged mappings beside the others.
        self.doubles = sorted(_doubles(self._root, set()))
        self.content = loader.construct_document(self._root) if self._root else None

    def complaints(self) -> Iterator[str]:
        """Say of each key that stands twice where it does."""
        for line, key, first in self.doubles:
            yield (
                f"{self.name}, line {line}: the key {key} stands here and in line {first}; "
                "keep one of them."
            )

    def place(self, path: KeyPath) -> str:
        """Say in which line a key stands; one of a merged mapping stands where that was written."""
        node = self._root
        line = node.start_mark.line
        for key in path:
            if isinstance(node, yaml.SequenceNode):
                node = node.value[cast(int, key)]
                line = node.start_mark.line
            else:
                # The last counts: what is merged comes before what overrides it.
                read = self._loader.construct_object
                written, node = next(pair for pair in reversed(node.value) if read(pair[0]) == key)
                line = written.start_mark.line
        return f"{self.name}, line {line + 1}"


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


def _no_yaml(problem: yaml.YAMLError) -> str:
    """Say in which line it is no YAML, why, and where that began which is not ended there."""
    reason = getattr(problem, "problem", None) or "it cannot be read"
    if reason.startswith(r"found character '\t'"):
        reason = "a tab stands where YAML takes spaces alone; put spaces in its place"
    found, begun = (getattr(problem, f"{mark}_mark", None) for mark in ("problem", "context"))
    line = f", line {found.line + 1}" if found else ""
    if found and begun and begun.line < found.line:
        reason += f", in what begins in line {begun.line + 1}"
    return f"{line}: this is not YAML: {reason}"


def _doubles(node: Any, seen: set[yaml.Node]) -> Iterator[tuple[int, str, int]]:
    """Find the keys that stand twice in a mapping: the later line, the key, and the first line."""
    if node in seen or not isinstance(node, yaml.CollectionNode):
        return
    seen.add(node)
    first_lines: dict[str, int] = {}
    for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode) and key.value != "<<":
            line = key.start_mark.line + 1
            if key.value in first_lines:
                yield line, key.value, first_lines[key.value]
            first_lines.setdefault(key.value, line)
    for part in node.value:
        yield from _doubles(part[1] if isinstance(part, tuple) else part, seen)


def _along(value: Any, path: KeyPath) -> list[Any]:
    """Give what is met on the way along a path, as far as there is anything."""
    met = [value]
    for key in path:
        keys = range(len(value)) if isinstance(value, list) else value
        if not isinstance(value, dict | list) or key not in keys:
            break
        value = cast(Any, value)[key]
        met.append(value)
    return met
