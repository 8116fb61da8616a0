"""docs/configuration.md: every key of a configuration, with its type, default and meaning.

python -m showhow.study.reference > docs/configuration.md
"""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from showhow.responses import load_variant, variant_kinds
from showhow.study.configuration import Configuration
from showhow.tasks import load_task, task_kinds

HEAD = """\
# Every key of a configuration

Made from the schema by `PYTHONPATH=workflow_scripts python -m showhow.study.reference`; do not
edit it. A key in bold has to be written, every other one has a default. `[name]` is a name of your
choice, `[0]` a place in a list.
"""
TYPES = {
    "integer": "whole number",
    "number": "number",
    "string": "text",
    "boolean": "true or false",
    "null": "null",
    "object": "mapping",
}
LONGEST_DEFAULT = 60


def reference_text() -> str:
    """Write the whole reference; equal code gives equal text."""
    parts = [HEAD, *_sections(Configuration, "The configuration", "")]
    for title, kinds, load in (
        ("tasks", task_kinds, load_task),
        ("variants", variant_kinds, load_variant),
    ):
        parts.append(f"# Settings of the kinds of {title}\n")
        for kind in kinds():
            settings = load(kind).Settings
            if settings.model_fields:
                parts += _sections(settings, f"kind: {kind}", f"{title}.[name].settings.")
            else:
                parts.append(f"## kind: {kind}\n\nIt has no settings.\n")
    return "\n".join(parts)


def _sections(model: type[BaseModel], title: str, prefix: str) -> Iterator[str]:
    """Write a table for a model, and one for each model in it that has keys of its own."""
    schema = model.model_json_schema()
    waiting = [(title, prefix, schema)]
    written: set[str] = set()
    while waiting:
        heading, path, part = waiting.pop(0)
        yield _table(heading, path, part, schema)
        for key, described in part.get("properties", {}).items():
            for name, place in _inside(described, f"{path}{key}", schema):
                if name not in written:
                    written.add(name)
                    inner = schema["$defs"][name]
                    waiting.append((f"{place}: {_spaced(name)}", f"{place}.", inner))


def _spaced(name: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()


def _table(heading: str, path: str, part: dict[str, Any], schema: dict[str, Any]) -> str:
    lines = [f"## {heading}", ""]
    if "description" in part:
        lines += [part["description"].split("\n\n")[0].replace("\n", " "), ""]
    lines += ["| key | type | default | meaning |", "|---|---|---|---|"]
    required = part.get("required", [])
    for key, described in part.get("properties", {}).items():
        name = f"**`{path}{key}`**" if key in required else f"`{path}{key}`"
        default = "" if key in required else f"`{_default(described)}`"
        meaning = _meaning(described, schema)
        cells = (name, _type(described, schema), default, meaning)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _meaning(described: dict[str, Any], schema: dict[str, Any]) -> str:
    """Give a key's own description, or that of the model that it holds."""
    name = described.get("$ref", "").rpartition("/")[2]
    inner = schema.get("$defs", {}).get(name, {}).get("description", "")
    return described.get("description", inner).replace("\n", " ")


def _default(described: dict[str, Any]) -> str:
    text = json.dumps(described.get("default"))
    return text if len(text) <= LONGEST_DEFAULT else "{...}" if text[0] == "{" else "[...]"


def _type(described: dict[str, Any], schema: dict[str, Any]) -> str:
    if "enum" in described:
        return "one of " + ", ".join(f"`{value}`" for value in described["enum"])
    if "const" in described:
        return f"`{described['const']}`"
    if "$ref" in described or "oneOf" in described:
        return "mapping, below"
    if "anyOf" in described:
        return " or ".join(dict.fromkeys(_type(one, schema) for one in described["anyOf"]))
    if described.get("type") == "array":
        return f"list of {_type(described.get('items', {}), schema)}"
    if described.get("type") == "object" and _values(described):
        return f"mapping of names to {_type(_values(described), schema)}"
    return TYPES.get(str(described.get("type")), "anything")


def _values(described: dict[str, Any]) -> dict[str, Any]:
    """Give what the values of a mapping of names are."""
    patterns = described.get("patternProperties", {})
    values = next(iter(patterns.values()), None) or described.get("additionalProperties")
    return values if isinstance(values, dict) else {}


def _inside(described: dict[str, Any], path: str, schema: dict) -> Iterator[tuple[str, str]]:
    """Name the models that a key holds, each with the path that its own keys begin with."""
    if "$ref" in described:
        yield described["$ref"].rpartition("/")[2], path
    for one in (*described.get("anyOf", ()), *described.get("oneOf", ())):
        yield from _inside(one, path, schema)
    if described.get("type") == "array":
        yield from _inside(described.get("items", {}), f"{path}[0]", schema)
    if described.get("type") == "object":
        yield from _inside(_values(described), f"{path}.[name]", schema)


if __name__ == "__main__":
    print(reference_text(), end="")
