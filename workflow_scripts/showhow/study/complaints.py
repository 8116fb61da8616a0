"""From pydantic's errors to sentences: what is wrong, and what to write instead."""

import json
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from showhow.base.errors import ShowhowError
from showhow.study.places import KeyPath, Places, YamlFile

NAME_RULE = (
    "a name begins with a letter or digit, goes on with letters, digits, '.', '_' and '-', "
    "and has at most 64 characters"
)
FORMS = {
    "name": NAME_RULE,
    "id": "write owner/name or name, as the hub does",
    "revision": "write a commit, a tag or a branch",
    "package": "write a package's name as its index does",
    "version": "write the version as the index has it",
    "sha256": "write the 64 digits and small letters a to f that sha256sum gives",
}
KINDS = {
    "models": "ladder, folder, hub, gguf or package",
    "writers": "endpoint or model",
}
WHOLE, NUMBER, TEXT = "a whole number", "a number", "text"
EXPECTED = {
    "int_type": WHOLE,
    "int_parsing": WHOLE,
    "int_from_float": WHOLE,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "string_type": TEXT + ", in quotes where it looks like a number",
    "tuple_type": "a list, as in [a, b]",
    "list_type": "a list, as in [a, b]",
    "dict_type": "a mapping of keys to values",
    "model_type": "a mapping of keys to values",
    "model_attributes_type": "a mapping of keys to values",
}
BOUNDS = {
    "greater_than": ("gt", "above"),
    "greater_than_equal": ("ge", "of at least"),
    "less_than": ("lt", "below"),
    "less_than_equal": ("le", "of at most"),
}


Model = TypeVar("Model", bound=BaseModel)


class Complaint(NamedTuple):
    """Something that is wrong; kind is pydantic's word for it where pydantic found it."""

    path: KeyPath
    sentence: str
    kind: str = ""


def wrong(path: KeyPath, says: str, named: KeyPath | None = None) -> Complaint:
    """Complain of a key, in a sentence that begins with its path, or with that of another one."""
    return Complaint(path, f"{spelled(named or path)} {says}")


def read_as(model: type[Model], path: Path) -> Model:
    """Read a YAML file; what is wrong with it is raised as ShowhowError, one sentence a line."""
    file = YamlFile(path)
    if file.doubles:
        raise ShowhowError("\n".join(file.complaints()))
    content = file.content or {}
    try:
        return model.model_validate(content)
    except ValidationError as error:
        places = Places(content, [file])
        raise ShowhowError("\n".join(told(complaints_of(error, model), places))) from error


def told(complaints: Iterable[Complaint], places: Places) -> list[str]:
    """Write each complaint on a line, once, with its place."""
    lines = [f"{places.of(complaint.path)}: {complaint.sentence}" for complaint in complaints]
    return list(dict.fromkeys(lines))


def complaints_of(
    error: ValidationError, model: type[BaseModel], prefix: KeyPath = ()
) -> Iterator[Complaint]:
    """Write one sentence for each error of a model that stands at `prefix` in a configuration."""
    schema = model.model_json_schema()
    for detail in error.errors():
        if detail["type"] == "too_short" and detail["input"]:
            continue  # it is short only of what other sentences find wrong
        path, of_name = _without_marks(detail)
        if of_name and not detail["type"].startswith("unknown"):
            sentence = _name_is_wrong(path)
        else:
            sentence = _wrong(detail, path, schema, prefix)
        yield Complaint(prefix + path, sentence, detail["type"])


def spelled(path: KeyPath) -> str:
    """Write a key path as `studies.levels.grids[0].tasks`."""
    written = ""
    for key in path:
        written += f"[{key}]" if isinstance(key, int) else f".{_quoted_if_odd(str(key))}"
    return written.removeprefix(".") or "the configuration"


def shown(value: Any) -> str:
    """Write a value for a sentence, on one line and cut when it is long."""
    text = json.dumps(value, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def instead(name: object, known: Iterable[str], what: str) -> str:
    """Say what to write instead of a name: the nearest known one, or all of them."""
    names = sorted(map(str, known))
    near = get_close_matches(str(name), names, n=1)
    if not near:
        near = [other for other in names if other.casefold() == str(name).casefold()]
    if near:
        return f"did you mean {_quoted_if_odd(near[0])}?"
    return f"{what}: {', '.join(map(_quoted_if_odd, names))}." if names else f"{what}: none."


def _quoted_if_odd(key: str) -> str:
    plain = key.replace("-", "").replace("_", "").replace(".", "")
    return key if plain.isascii() and plain.isalnum() else json.dumps(key)


def _without_marks(detail: Mapping) -> tuple[KeyPath, bool]:
    """Take out of pydantic's location what is no key: union tags and the mark of a key itself."""
    location = tuple(detail["loc"])
    of_name = location[-1:] == ("[key]",)
    location = location[:-1] if of_name else location
    if location[:1] in (("models",), ("writers",)) and len(location) > 2:
        location = location[:2] + location[3:]
    return location, of_name


def _name_is_wrong(path: KeyPath) -> str:
    where, name = spelled(path[:-1]), path[-1]
    if not isinstance(name, str):
        return f"{where} has the key {shown(name)}, which is not text; write it in quotes."
    return f"{where} has the name {shown(name)}; {NAME_RULE}."


def _wrong(detail: Mapping, path: KeyPath, schema: dict, prefix: KeyPath) -> str:
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    name = spelled(prefix + path)
    if kind == "extra_forbidden":
        holder = _part(schema, path[:-1], detail["loc"])
        remedy = instead(path[-1], holder.get("properties", ()), "the keys here are")
        return f"{name} is not a key that exists; {remedy}"
    if kind.startswith("unknown_"):
        what = context["what"]
        remedy = instead(value, context["known"], f"the {what.split()[0]}s are")
        says = {
            "unknown_name": f"names the {what} {shown(value)}, which does not exist",
            "unknown_value": f"is {shown(value)}, which does not exist",
            "unknown_kind": f"is {shown(value)}, a {what} that does not exist",
        }
        return f"{name} {says[kind]}; {remedy}"
    if kind == "missing":
        meaning = _part(schema, path[:-1], detail["loc"])["properties"][path[-1]]
        return f"{name} is missing; write it. {meaning.get('description', '')}".rstrip()
    if kind == "literal_error":
        options = [option.strip("'") for option in _options(context["expected"])]
        return f"{name} is {shown(value)}; {instead(value, options, 'write one of these')}"
    if kind == "union_tag_not_found":
        return f"{name}.kind is missing; write {KINDS[str(path[0])]}."
    if kind == "union_tag_invalid":
        remedy = instead(context["tag"], _options(context["expected_tags"]), "the kinds are")
        return f"{name}.kind is {shown(context['tag'])}; {remedy}"
    if kind in BOUNDS:
        key, relation = BOUNDS[kind]
        return f"{name} is {shown(value)}; write a number {relation} {context[key]:g}."
    if kind == "too_short":
        return f"{name} is empty; {_why_not_empty(path)}"
    if kind in ("string_pattern_mismatch", "string_too_long"):
        form = FORMS.get(str(path[-1]), f"it has to match {context.get('pattern')}")
        return f"{name} is {shown(value)}; {form}."
    if kind in EXPECTED:
        return f"{name} is {shown(value)}; write {EXPECTED[kind]}."
    return f"{name} is {shown(value)}; {detail['msg'][0].lower()}{detail['msg'][1:]}."


def _options(expected: str) -> list[str]:
    """Read pydantic's list of what it expected: `'a', 'b' or 'c'`."""
    return [option.strip(" '") for option in expected.replace(" or ", ",").split(",")]


def _why_not_empty(path: KeyPath) -> str:
    if "grids" in path[:-1]:
        return "a grid needs at least one of each list to yield runs."
    return "write at least one."


def _part(schema: dict, path: KeyPath, location: KeyPath) -> dict:
    """Find the part of a JSON schema that describes a key path.

    `location` is the path with pydantic's union tags, which say which kind of model is meant.
    """
    part = schema
    for key in path:
        part = _resolved(part, schema, location)
        if "properties" in part and key in part["properties"]:
            part = part["properties"][key]
        elif part.get("patternProperties"):
            part = next(iter(part["patternProperties"].values()))
        else:
            part = part.get("additionalProperties") or part.get("items") or {}
    return _resolved(part, schema, location)


def _resolved(part: dict, schema: dict, location: KeyPath) -> dict:
    if "discriminator" in part:
        part = {"$ref": part["discriminator"]["mapping"][location[2]]}
    if "anyOf" in part:
        part = next(option for option in part["anyOf"] if option.get("type") != "null")
    if "$ref" in part:
        return schema["$defs"][part["$ref"].rpartition("/")[2]]
    return part
