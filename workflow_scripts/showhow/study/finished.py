"""A study that is done, wherever its folder lies: its settings, answers and problems."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from showhow.analysis.evidence import PER_SEED
from showhow.analysis.table_files import read_table, rows_of
from showhow.base.errors import ShowhowError
from showhow.base.rows import read_jsonl, read_text
from showhow.base.wording import damaged
from showhow.study import paths

ITEMS = "results/tables/{study}-items.parquet"
RUNS = "results/tables/{study}.parquet"
ITEM = ("task", "variant", "model", "n_train", "match", "seed", "split", "id", "correct")
NAMED_PARTS = ("tasks", "variants", "models")


@dataclass(frozen=True)
class FinishedStudy:
    """One study of a folder of results."""

    results: Path
    name: str

    def __str__(self) -> str:
        return f"{self.name} ({self.results})"

    def items(self) -> pd.DataFrame:
        return read_table(self._file(ITEMS), ITEM)

    def problems(self, task: str, split: str) -> list[tuple[str, str, str]] | None:
        """Give id, prompt and answer of the problems of a split; None where they are gone."""
        path = self._file(paths.PROBLEMS, task=task, split=split)
        if not path.is_file():
            return None
        return [(row["id"], row["prompt"], row["answer"]) for row in read_jsonl(path)]

    def settings(self) -> dict[str, Any]:
        """Give the study's part of the configuration: of tasks, variants and models its own."""
        everything = self._configuration()
        study = everything.pop("studies", {}).get(self.name)
        if study is None:
            raise ShowhowError(
                f"{self._file(paths.CONFIGURATION)} was written for other studies since, so the "
                f"settings of {self.name} are not known; run it again: what is done stays."
            )
        for part in NAMED_PARTS:
            used = {name for grid in study["grids"] for name in grid[part]}
            described = everything.get(part, {})
            everything[part] = {name: described[name] for name in described if name in used}
        return {"study": study, **everything}

    def instances(self) -> dict[str, int]:
        """Say how many bases each model had, PER_SEED where every seed had its own."""
        runs = read_table(self._file(RUNS), ("model", "seed", "base"))
        counted = runs.groupby("model")[["base", "seed"]].nunique()
        return {
            str(row.Index): PER_SEED if 1 < row.base == row.seed else int(row.base)
            for row in rows_of(counted)
        }

    def _configuration(self) -> dict[str, Any]:
        path = self._file(paths.CONFIGURATION)
        try:
            return yaml.safe_load(read_text(path))
        except yaml.YAMLError as problem:
            raise damaged(path, problem) from problem

    def _file(self, pattern: str, **names: str) -> Path:
        path = Path(pattern.format(study=self.name, **names))
        return self.results / path.relative_to("results")


def find_study(named: str, here: Path = Path()) -> FinishedStudy:
    """Find a finished study: by its name, its report, or its folder, as FOLDER or FOLDER:STUDY."""
    if named in studies_in(here / "results"):
        return FinishedStudy(here / "results", named)
    folder, _, name = named.partition(":")
    path = here / folder
    if not path.exists() and (elsewhere := _results_with(named, here)):
        if len(elsewhere) == 1:
            return FinishedStudy(elsewhere[0], named)
        choices = ", ".join(f"{folder}:{named}" for folder in elsewhere)
        raise ShowhowError(f"Several folders have a study {named}; write one of: {choices}.")
    report = re.fullmatch(r"report(?:-(.+))?\.html", path.name)
    if report and path.is_file():
        return FinishedStudy(path.parent, report[1] or _reported(path))
    results = path / "results" if (path / "results").is_dir() else path
    there = studies_in(results)
    if name in there:
        return FinishedStudy(results, name)
    if not there:
        raise ShowhowError(
            f"{named} is no finished study: no tables were found in {results / 'tables'}. Write "
            "the name of a study, its report, or the folder that it ran in."
        )
    if name:
        raise ShowhowError(f"{folder} has no finished study {name}; it has: {', '.join(there)}.")
    if len(there) == 1:
        return FinishedStudy(results, there[0])
    choices = ", ".join(f"{folder}:{study}" for study in there)
    raise ShowhowError(f"{folder} has several finished studies; write one of: {choices}.")


def _results_with(study: str, here: Path) -> list[Path]:
    """Find the folders of results directly in this one, by whatever name, that have a study."""
    tables = sorted(here.glob("*/tables"))
    return [folder.parent for folder in tables if study in studies_in(folder.parent)]


def studies_in(results: Path) -> list[str]:
    """List the studies whose answers are tabulated in a folder of results."""
    end = "-runs.json"
    named = sorted(path.name.removesuffix(end) for path in results.glob(f"tables/*{end}"))
    return [name for name in named if (results / f"tables/{name}-items.parquet").is_file()]


def _reported(report: Path) -> str:
    """Read in a report which study it is of."""
    told = re.search(r"Study <b>([^<]+)</b>", read_text(report))
    if told is None:
        raise damaged(report, "it does not say which study it is of")
    return told[1]


def comparable(
    one: Mapping[str, Any], other: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give the settings of two studies; of what one alone has, only that it is there."""
    return _beside(one, other), _beside(other, one)


def _beside(mine: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    parts = {}
    for part in NAMED_PARTS:
        named = mine[part].items()
        parts[part] = {name: told if name in other[part] else "there" for name, told in named}
    return {**mine, **parts}
