"""What a configuration's types cannot say: parts that have to fit together, and what is there.

Each check is a function of a configuration whose types are right; it yields what it finds wrong.
"""

from collections.abc import Iterator
from typing import Any, Literal

from showhow.responses import load_variant, variant_kinds
from showhow.responses.response import AnyVariant
from showhow.study.complaints import KeyPath
from showhow.study.configuration import Configuration, Grid


def grids(configuration: Configuration) -> Iterator[tuple[KeyPath, Grid]]:
    """Give every grid of every study, with where it stands."""
    for name, study in configuration.studies.items():
        for index, grid in enumerate(study.grids):
            yield ("studies", name, "grids", index), grid


def loaded_variant(configuration: Configuration, name: str) -> AnyVariant | None:
    """Load a variant; None where its kind does not exist."""
    kind = configuration.variant_of(name).kind
    return load_variant(kind) if kind in variant_kinds() else None


def recipes(
    configuration: Configuration, key: Literal["training", "corpus"]
) -> Iterator[tuple[KeyPath, Any, Any]]:
    """Give the common recipe and those of the models: the place, what is written, and all of it."""
    common = getattr(configuration, key)
    yield (key,), common, common
    for name, model in configuration.models.items():
        own = getattr(model, key, None)
        if own is not None:
            yield ("models", name, key), own, common.overridden_by(own)
