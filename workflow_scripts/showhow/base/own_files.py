"""Python files of the user's own, outside this package.

Tasks, variants, figures and claims of the user's own lie in the folders of these names in one
folder, which the configuration names. Each is part of the package of the same name, as if it lay
there: `own/tasks/sums.py` is the module showhow.tasks.sums.
"""

import importlib
import importlib.util
import os
import sys
from collections.abc import Container
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

from showhow.base.errors import ShowhowError
from showhow.base.surroundings import surroundings, tell

PREFIX = "own_"
PARTS = {
    "showhow.tasks": "tasks",
    "showhow.responses": "responses",
    "showhow.figures": "figures",
    "showhow.analysis.claims": "claims",
}
"""The packages that the user's files become part of, and where these lie in the user's folder."""


def own_folder() -> Path:
    """Name the folder of the user's own files, whether it is there or not."""
    return Path(surroundings().own)


def use_own_folder(folder: object) -> None:
    """Have this process and its stages look in the folder that a configuration names, if it does.

    Where it names none, what the surroundings say stays.
    """
    if isinstance(folder, str) and folder:
        tell(own=folder)


def modules_in(package: str, shared: Container[str]) -> dict[str, Path]:
    """Give the file of each task, variant, figure or claim, by its name.

    package: the one that holds the built-in ones, of PARTS; the user's folder is made part of it,
    and of the other packages. shared: modules that are none of these. Raises ShowhowError where the
    user's file has the name of a built-in one.
    """
    return {name: folder / f"{name}.py" for name, folder in _folders_of(package, shared).items()}


def names_in(package: str, shared: Container[str]) -> list[str]:
    """List the names of `modules_in`, sorted; planning asks for these hundreds of times."""
    return list(_folders_of(package, shared))


def _folders_of(package: str, shared: Container[str]) -> dict[str, Path]:
    """Say in which folder each task, variant, figure or claim lies."""
    own = Path(os.path.realpath(own_folder()))
    _extend_packages(own)
    folders = (Path(import_module(package).__path__[0]), own / PARTS[package])
    built_in, added = map(_python_files, folders)
    for name in sorted(added & built_in):
        raise ShowhowError(
            f"{folders[1] / name}.py has the name of a file that is there already; "
            "give it another name."
        )
    return {name: folders[name in added] for name in sorted(built_in | added) if name not in shared}


def _extend_packages(own: Path) -> None:
    """Have Python look in the user's folders as well, for what the user's files import."""
    there = own.is_dir()
    for package, part in PARTS.items():
        path = import_module(package).__path__
        wanted = [path[0], *([str(own / part)] if there and (own / part).is_dir() else [])]
        if path != wanted:
            path[:] = wanted
            importlib.invalidate_caches()


def _python_files(folder: Path) -> set[str]:
    """Name the modules of a folder, which need not be there."""
    files = os.listdir(folder) if folder.is_dir() else ()
    return {name[:-3] for name in files if name.endswith(".py") and not name.startswith("_")}


@cache
def load_file(path: Path) -> ModuleType:
    """Run a Python file once per process, as a module of its own; its folder can be imported from.

    Raises ShowhowError where there is no such file, or when it cannot be run.
    """
    if not path.is_file():
        raise ShowhowError(
            f"There is no file {path}; write its path relative to the directory that the workflow "
            "runs in."
        )
    folder = str(path.resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)
    name = PREFIX + path.stem
    described = importlib.util.spec_from_file_location(name, path)
    assert described is not None and described.loader is not None  # as its name ends in .py
    module = importlib.util.module_from_spec(described)
    sys.modules[name] = module
    try:
        described.loader.exec_module(module)
    except Exception as problem:
        del sys.modules[name]
        raise ShowhowError(
            f"{path} cannot be run ({type(problem).__name__}: {problem}); correct it."
        ) from problem
    return module
