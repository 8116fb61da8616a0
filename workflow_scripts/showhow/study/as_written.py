"""Reading a configuration as it was written, before anybody knows that it is sound.

It may hold anything anywhere. What does not have the type that it should have is an error that
`showhow.study.configuration` finds; here it is passed over.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from showhow.responses import variant_kinds
from showhow.study.places import KeyPath


class Finding(NamedTuple):
    """Something that is wrong."""

    path: KeyPath
    sentence: str


def mapping(value: Any, *keys: str) -> dict:
    """Follow `keys` down; give the mapping that is there, or an empty one."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list:
    """Give the value if it is a list, or an empty one."""
    return value if isinstance(value, list) else []


def grids(config: dict) -> Iterator[tuple[KeyPath, dict]]:
    """Give every grid of every study, with where it stands."""
    for study, content in mapping(config, "studies").items():
        for index, grid in enumerate(sequence(mapping(content).get("grids"))):
            yield ("studies", study, "grids", index), mapping(grid)


def known_variants(config: dict) -> set[str]:
    """Name the variants that a grid can name: the kinds and the configuration's own."""
    return {*variant_kinds(), *mapping(config, "variants")}


def recipes(config: dict, key: str) -> Iterator[tuple[KeyPath, dict]]:
    """Give the common recipe and those of the models, each with where it stands."""
    yield (key,), mapping(config, key)
    for name, model in mapping(config, "models").items():
        yield ("models", name, key), mapping(model, key)
