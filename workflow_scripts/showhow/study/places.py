"""Where a configuration says what it says: file and line of every key."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Key = str | int
KeyPath = tuple[Key, ...]
COMMAND_LINE = "command line"


@dataclass(frozen=True)
class Written:
    """A value as a file has it: its line, and what is inside it."""

    place: str
    value: Any
    inside: dict[Key, "Written"] = field(default_factory=dict)
    is_mapping: bool = False


@dataclass
class Places:
    """Where the keys of a configuration stand; a later file overrides an earlier one."""

    config: dict
    root: Written | None = None
    complaints: list[str] = field(default_factory=list)

    def read(self, file: Path) -> None:
        """Add a configuration file; what is wrong with it as YAML becomes a complaint."""
        here = Path.cwd()
        name = file.relative_to(here) if file.is_relative_to(here) else file
        try:
            loader = yaml.SafeLoader(file.read_text(encoding="utf-8"))
            node = loader.get_single_node()
            # Before merge keys are followed, which puts one key beside the other in a node.
            for mapping in _mappings(node):
                self._note_doubles(mapping, str(name))
            written = self._written(node, str(name), loader) if node else None
        except OSError as problem:
            self.complaints.append(f"{name}: cannot be read ({problem.strerror}).")
        except UnicodeDecodeError:
            self.complaints.append(f"{name}: is not UTF-8 text; save it as UTF-8.")
        except yaml.YAMLError as problem:
            mark = getattr(problem, "problem_mark", None)
            line = f", line {mark.line + 1}" if mark else ""
            reason = getattr(problem, "problem", None) or "it cannot be read"
            self.complaints.append(f"{name}{line}: this is not YAML: {reason}.")
        else:
            self.root = _merged(self.root, written) if written else self.root

    def of(self, path: KeyPath) -> str:
        """Say where a key stands; a key that is missing is missing where its parent stands."""
        value: Any = self.config
        written = self.root
        place = written.place if written else COMMAND_LINE
        for key in path:
            if not _holds(value, key):
                return place
            value = value[key]
            written = written.inside.get(key) if written else None
            place = written.place if written else COMMAND_LINE
        if written and not written.inside and written.value != value:
            return COMMAND_LINE
        return place

    def _written(
        self, node: yaml.Node, file: str, loader: yaml.SafeLoader, line: int | None = None
    ) -> Written:
        line = node.start_mark.line + 1 if line is None else line
        place = f"{file}, line {line}"
        if isinstance(node, yaml.MappingNode):
            loader.flatten_mapping(node)
            inside = {
                loader.construct_object(key, deep=True): self._written(
                    value, file, loader, key.start_mark.line + 1
                )
                for key, value in node.value
                if isinstance(key, yaml.ScalarNode)
            }
            return Written(place, {}, inside, is_mapping=True)
        if isinstance(node, yaml.SequenceNode):
            items = enumerate(node.value)
            return Written(
                place, [], {index: self._written(item, file, loader) for index, item in items}
            )
        return Written(place, loader.construct_object(node))

    def _note_doubles(self, node: yaml.MappingNode, file: str) -> None:
        first_lines: dict[str, int] = {}
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value == "<<":
                continue
            line = key.start_mark.line + 1
            if key.value in first_lines:
                self.complaints.append(
                    f"{file}, line {line}: the key {key.value} stands here and in line "
                    f"{first_lines[key.value]}; keep one of them."
                )
            first_lines.setdefault(key.value, line)


def _mappings(node: yaml.Node | None) -> list[yaml.MappingNode]:
    """List the mappings of a document, each once, however many aliases it has."""
    found: dict[int, yaml.MappingNode] = {}
    waiting = [node]
    while waiting:
        here = waiting.pop()
        if isinstance(here, yaml.MappingNode) and id(here) not in found:
            found[id(here)] = here
            waiting += [value for _, value in reversed(here.value)]
        elif isinstance(here, yaml.SequenceNode):
            waiting += reversed(here.value)
    return list(found.values())


def _holds(value: Any, key: Key) -> bool:
    if isinstance(value, dict):
        return key in value
    return isinstance(value, list) and isinstance(key, int) and key < len(value)


def _merged(earlier: Written | None, later: Written) -> Written:
    """Lay one file over another as Snakemake does: mappings key by key, all else as a whole."""
    if earlier is None or not (earlier.is_mapping and later.is_mapping):
        return later
    inside = dict(earlier.inside)
    for key, written in later.inside.items():
        inside[key] = _merged(inside.get(key), written)
    return Written(later.place, {}, inside, is_mapping=True)
