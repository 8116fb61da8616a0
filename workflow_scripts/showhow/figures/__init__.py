"""The figures of a study: one file each, found by being in this folder, or in the user's own.

A figure file holds `name`, `title`, `CAPTION` (text with the fields of
`showhow.figures.figure.caption_of`), `by` (the views that the report can toggle: `()`, `("task",)`
or `("task", "model")`) and `draw(data: FigureData) -> matplotlib.figure.Figure`.
"""

from importlib import import_module
from pathlib import Path
from types import ModuleType

from showhow.base.errors import ShowhowError
from showhow.base.own_files import modules_in, names_in

SHARED = ("arms", "figure", "known_facts", "style", "summaries", "variants")
"""Files of this folder that figures share; every other file is a figure."""


def figure_names() -> list[str]:
    """List the figures, sorted, without importing any."""
    return names_in(__name__, SHARED)


def figure_files() -> dict[str, Path]:
    """Give the file of each figure."""
    return modules_in(__name__, SHARED)


def load_figure(name: str) -> ModuleType:
    """Import the figure called `name`; an unknown name raises ShowhowError."""
    if name not in figure_names():
        raise ShowhowError(
            f"There is no figure called {name!r}. The figures are: {', '.join(figure_names())}."
        )
    return import_module(f"{__name__}.{name}")
