"""What a configuration's types cannot say: parts that have to fit together, and what is there.

Each check is a function of a configuration whose types are right; it yields what it finds wrong.
"""

from collections.abc import Iterator
from typing import Literal

from showhow.recipes.described import Recipe
from showhow.study.complaints import KeyPath
from showhow.study.configuration import Configuration, Grid


def grids(configuration: Configuration) -> Iterator[tuple[KeyPath, Grid]]:
    """Give every grid of every study, with where it stands."""
    for name, study in configuration.studies.items():
        for index, grid in enumerate(study.grids):
            yield ("studies", name, "grids", index), grid


def recipes(
    configuration: Configuration, key: Literal["training", "corpus"]
) -> Iterator[tuple[KeyPath, Recipe, Recipe]]:
    """Give the common recipe and those of the models: the place, what is written, and all of it."""
    common = getattr(configuration, key)
    yield (key,), common, common
    for name, model in configuration.models.items():
        own = getattr(model, key, None)
        if own is not None:
            yield ("models", name, key), own, common.overridden_by(own)
