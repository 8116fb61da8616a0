"""The folder of results, and what of the user's own may not lie in another configuration's."""

import os
from collections.abc import Iterator
from pathlib import Path

from showhow.recipes.base_models import FolderModel
from showhow.study.complaints import Complaint, shown, wrong
from showhow.study.configuration import Configuration
from showhow.study.paths import LOGS, RESULTS
from showhow.study.places import KeyPath
from showhow.tasks import task_kinds

TAKEN = (LOGS, "checkpoints", "written", "registered", ".snakemake")
"""Folders that hold something else."""
MARKS = "{}*?[]"
"""What means something else in Snakemake's names of files."""


def wrong_results_folder(configuration: Configuration) -> Iterator[Complaint]:
    """It is one folder, of this configuration's results alone."""
    folder = configuration.results
    plain = os.path.normpath(folder)
    parts = Path(plain).parts
    if plain != folder or parts[-1:] in ((), ("..",)) or set(MARKS) & set(folder):
        remedy = "write a folder's path, such as results-mine, without a slash at its end."
    elif parts[0] in (*TAKEN, configuration.own):
        remedy = f"but {parts[0]} holds something else; write another folder, such as results-mine."
    elif parts[0] == RESULTS and len(parts) > 1:
        remedy = "but results/ is that of other configurations; write a folder beside it, such as "
        remedy += "results-mine."
    else:
        return
    yield wrong(("results",), f"is {shown(folder)}; {remedy}")


def own_files_among_results(configuration: Configuration) -> Iterator[Complaint]:
    """With results elsewhere, a path that begins with `results/` names one of these."""
    if configuration.results == RESULTS:
        return
    for path, file in _own_files(configuration):
        if file.parts[:1] == (RESULTS,):
            yield wrong(
                path,
                f"is {shown(str(file))}, which with `results: {configuration.results}` would be "
                f"looked for there; write the path in full: {file.absolute()}.",
            )


def _own_files(configuration: Configuration) -> Iterator[tuple[KeyPath, Path]]:
    for name, model in configuration.models.items():
        if isinstance(model, FolderModel):
            yield ("models", name, "path"), Path(model.path)
    for name, described in configuration.tasks.items():
        folder = described.settings.get("folder")
        if described.kind in task_kinds() and isinstance(folder, str):
            yield ("tasks", name, "settings", "folder"), Path(folder)


CHECKS = {wrong_results_folder: None, own_files_among_results: None}
