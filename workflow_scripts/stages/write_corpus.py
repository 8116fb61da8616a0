"""Write the synthetic corpus on which the ladder is pretrained."""

from collections.abc import Iterator
from typing import Any

from pydantic import Field, PositiveFloat

from showhow.base.rows import write_jsonl
from showhow.corpus.exercises import Solutions, corpus, stated
from showhow.jobs.options import Reads, StageOptions, ToldPart, Writes
from showhow.jobs.stage import run_stage
from showhow.recipes.corpus import CorpusRecipe
from showhow.recipes.voices import VoiceName
from showhow.tasks import load_task
from showhow.tasks.problem import read_problems


class SolutionsRecipe(ToldPart):
    """One task's part in a corpus: its worked solutions in a voice."""

    kind: str
    settings: dict[str, Any]
    voice: VoiceName
    weight: PositiveFloat
    exclude: tuple[Reads, ...] = Field(description="Problems that the base must not have met.")


class FactsRecipe(ToldPart):
    """The facts of one task that a corpus states."""

    kind: str
    settings: dict[str, Any]


class Options(StageOptions):
    output: Writes = Field(description="Where the exercises go, one a line.")
    recipe: CorpusRecipe
    solutions: tuple[SolutionsRecipe, ...] = ()
    facts: tuple[FactsRecipe, ...] = ()


def write_corpus(options: Options) -> None:
    recipe = options.recipe
    worked = [worked_solutions(one) for one in options.solutions]
    lines = [*corpus(recipe.examples, recipe.seed, recipe.skills, worked)]
    for one in options.facts:
        lines += stated(statements(one))
    write_jsonl(options.output, lines)


def worked_solutions(recipe: SolutionsRecipe) -> Solutions:
    task = load_task(recipe.kind)
    met_later = (task.canonical(p) for path in recipe.exclude for p in read_problems(path))
    settings = task.Settings(**recipe.settings)
    return Solutions(task, settings, recipe.voice, recipe.weight, frozenset(met_later))


def statements(recipe: FactsRecipe) -> Iterator[str]:
    task = load_task(recipe.kind)
    return task.statements(task.Settings(**recipe.settings))


if __name__ == "__main__":
    run_stage(write_corpus, Options)
