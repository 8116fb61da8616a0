"""Several configurations with one folder of results: what one would make anew of another's.

Data, corpora, bases and runs lie at paths of their names. Where two configurations mean different
things by one name, each would undo what the other made; the one that comes second is told.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from showhow.base.rows import read_json, write_json
from showhow.base.wording import damaged
from showhow.recipes.base_models import LadderModel
from showhow.study.paths import BASE, CORPUS, HOLDING, RESULTS, Run, placed
from showhow.study.studies import Studies

DATA = "results/data/{task}"
BESIDE_THE_BASE = {"training", "pretraining", "corpus", "bases"}


@dataclass(frozen=True)
class Holding:
    """What a configuration has of one study in a folder of results.

    configuration: its file. made: a digest of what each name is made by, for data, corpora, bases
    and runs. runs: the names that each run is made from, itself included, by its folder.
    """

    configuration: str
    made: dict[str, str]
    runs: dict[str, list[str]]


@dataclass(frozen=True)
class Conflict:
    """A study of another configuration of which this one would make something anew.

    names: what both would make, each in its own way. stale: how many finished runs need it.
    """

    study: str
    configuration: str
    names: tuple[str, ...]
    stale: int


def holdings_of(studies: Studies, configuration: Path) -> dict[str, Holding]:
    """Say what a configuration has, or would have, of each of its studies."""
    recipes = _Recipes(studies)
    return {
        study: Holding(
            str(configuration),
            *recipes.made_and_needed(studies.runs_of(study)),
        )
        for study in studies.configuration.studies
    }


class _Recipes:
    """Digests of what each thing is made by."""

    def __init__(self, studies: Studies):
        self.studies = studies
        self.configuration = studies.configuration
        self.task = cache(self._task)
        self.base = cache(self._base)
        self.tuning = cache(self._tuning)

    def made_and_needed(self, runs: list[Run]) -> tuple[dict[str, str], dict[str, list[str]]]:
        made: dict[str, str] = {}
        needed: dict[str, list[str]] = {}
        for run in runs:
            own = self.configuration.base_of(self.studies.base_for(run))
            folder, corpus = BASE.format(model=own), self._corpus_read_by(run.model)
            parts = {
                DATA.format(task=run.task): self.task(run.task),
                folder: self.base(own),
                run.directory: self.tuning(run.variant, run.model, run.match),
            }
            made.update(parts)
            made.update(self._corpus_beside(run.model))
            needed[run.directory] = [*parts, *corpus]
        return made, needed

    def _task(self, task: str) -> str:
        described = self.configuration.tasks[task]
        settings = self.configuration.task_settings(task)
        return _digest([described.kind, settings, described.test_size])

    def _base(self, base: str) -> str:
        model = self.configuration.model(base)
        described = model.model_dump(mode="json", exclude=BESIDE_THE_BASE)
        read = self.configuration.pretraining_keys_of(base) if _is_ladder(model) else {}
        return _digest([described, read])

    def _tuning(self, variant: str, model: str, match: Any) -> str:
        of_variant = self.configuration.variant_of(variant)
        return _digest(
            [
                [of_variant.kind, self.configuration.variant_settings(variant)],
                self.configuration.training_keys_of(model, match),
                self.configuration.training_sets,
                self.configuration.evaluation,
            ]
        )

    def _corpus_read_by(self, model: str) -> list[str]:
        """Random weights do not depend on the corpus that is written beside them."""
        described = self.configuration.model(model)
        pretrained = isinstance(described, LadderModel) and described.start == "pretrained"
        return list(self._corpus_beside(model)) if pretrained else []

    def _corpus_beside(self, model: str) -> dict[str, str]:
        if not _is_ladder(self.configuration.model(model)):
            return {}
        corpus = self.studies.corpus_of(model)
        return {CORPUS.format(corpus=corpus): _digest(self.studies.corpora[corpus])}


def _is_ladder(model: BaseModel) -> bool:
    return isinstance(model, LadderModel)


def _digest(value: object) -> str:
    text = json.dumps(value, sort_keys=True, default=lambda each: each.model_dump(mode="json"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def record_holdings(holdings: dict[str, Holding]) -> None:
    """Note whose results these are, so that another configuration can be told.

    What is noted already stays as it is. A disk that takes no more is told of by the jobs.
    """
    with suppress(OSError):
        for study, holding in holdings.items():
            # As seen from here, so that a copy of the folder does not belong to the first one.
            seen = os.path.relpath(holding.configuration, placed(RESULTS))
            noted, file = (
                replace(holding, configuration=seen),
                Path(placed(HOLDING.format(study=study))),
            )
            if not file.exists() or read_json(file) != asdict(noted):
                write_json(file, noted)


def conflicts(studies: Studies, configuration: Path) -> list[Conflict]:
    """Find the studies of other configurations whose results this one would make stale.

    A configuration that is not there any more was renamed, or is done with.
    """
    others = {
        study: holding
        for study, holding in _recorded()
        if Path(holding.configuration) != configuration and Path(holding.configuration).exists()
    }
    if not others:
        return []
    mine: dict[str, str] = {}
    for holding in holdings_of(studies, configuration).values():
        mine.update(holding.made)
    found = (_conflict(study, holding, mine) for study, holding in sorted(others.items()))
    return [conflict for conflict in found if conflict.stale]


def _conflict(study: str, other: Holding, mine: dict[str, str]) -> Conflict:
    changed = {name for name, made in other.made.items() if mine.get(name, made) != made}
    stale = [
        run
        for run, needed in other.runs.items()
        if not changed.isdisjoint(needed) and Path(placed(run), "scores.json").exists()
    ]
    named = {name for run in stale for name in other.runs[run] if name in changed}
    return Conflict(study, other.configuration, tuple(sorted(named)), len(stale))


def _recorded() -> Iterator[tuple[str, Holding]]:
    pattern = Path(placed(HOLDING))
    for file in sorted(pattern.parent.glob(f"*{pattern.suffix}")):
        try:
            holding = Holding(**read_json(file))
            there = os.path.normpath(Path.cwd() / placed(RESULTS) / holding.configuration)
            yield file.stem, replace(holding, configuration=there)
        except TypeError as problem:
            raise damaged(file, problem) from problem


def told_conflicts(found: list[Conflict], configuration: Path) -> list[str]:
    """Say in a sentence for each conflict what would be made anew, and how both can be kept."""
    return [_sentence(conflict, os.path.relpath(configuration)) for conflict in found]


def _sentence(conflict: Conflict, configuration: str) -> str:
    folder, other = placed("results"), os.path.relpath(conflict.configuration)
    several = conflict.stale > 1
    names = ", ".join(placed(name) for name in conflict.names[:3])
    more = ", …" if len(conflict.names) > 3 else ""
    return (
        f"{folder} holds the study {conflict.study} of {other}; {configuration} would make "
        f"{conflict.stale} of its run{'s' if several else ''} stale, as it means something else by "
        f"{names}{more}. Write `results: another-folder` in {configuration}; or, if "
        f"{'these runs' if several else 'this run'} may be made again, delete "
        f"{placed(HOLDING.format(study=conflict.study))}."
    )
