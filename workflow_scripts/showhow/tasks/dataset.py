"""A data set of the user's own: files with questions, answers, and responses by several writers."""

import re
from pathlib import Path
from random import Random

from showhow.base.errors import ShowhowError
from showhow.base.hashing import shuffled
from showhow.tasks.own_data.selection import OwnQuestion, normalised, split_of
from showhow.tasks.own_data.settings import DatasetSettings
from showhow.tasks.problem import Problem, Step, problem_id
from showhow.tasks.task import Level, Task, seed_of

NUMBER_OR_WORD = re.compile(r"\d[\d,]*(?:\.\d+)?|\S+")


class Dataset(Task):
    """The variant `given` writes the responses of the files; the problems have no steps."""

    kind = "dataset"
    Settings = DatasetSettings

    def evaluation_splits(self, settings: DatasetSettings) -> tuple[str, ...]:
        return ("test",)

    def check(self, settings: DatasetSettings) -> None:
        """See that the user's own code is there; what the files hold is seen when they are read."""
        own = settings.answer.code()
        if own is not None and not own.is_file():
            raise ShowhowError(
                f"answer.function names {own}, and there is no such file; write its path relative "
                "to the directory that the workflow runs in."
            )

    def generate(
        self, settings: DatasetSettings, split: str, count: int, exclude: set[str], draw: int = 0
    ) -> list[Problem]:
        chosen, order = split_of(settings, split)
        left = [key for key in order if normalised(chosen.questions[key].prompt) not in exclude]
        if len(left) < count:
            overlap = len(order) - len(left)
            raise ShowhowError(
                f"The data set has {len(left)} questions for the split '{split}', not {count} "
                f"({overlap} more are asked elsewhere as well); ask for at most {len(left)}. "
                f"What was lost of each file: {chosen.losses}, and {chosen.incomplete} questions "
                "lack a response."
            )
        if draw:
            left = shuffled(left, seed_of(settings, draw))
        return [
            _problem(settings, split, index, key, chosen.questions[key])
            for index, key in enumerate(left[:count])
        ]

    def count_training(self, settings: DatasetSettings, kept_out: dict[str, int]) -> int:
        _, test = split_of(settings, "test")
        _, train = split_of(settings, "train")
        _, validation = split_of(settings, "validation")
        asked = set(test[: kept_out["test"]])
        judged_by = [key for key in validation if key not in asked]
        asked.update(judged_by[: kept_out.get("validation", 0)])
        return sum(key not in asked for key in train)

    def canonical(self, problem: Problem) -> str:
        """All prompts end in the same instruction, so it makes no difference here."""
        return normalised(problem.prompt)

    def files(self, settings: DatasetSettings) -> list[Path]:
        return list(dict.fromkeys(source.path(settings.folder) for source in settings.every_source))

    def code(self, settings: DatasetSettings) -> list[Path]:
        own = settings.answer.code()
        return [] if own is None else [own]

    def explain(self, step: Step, level: Level) -> str:
        raise ShowhowError("A data set has no steps to explain; use variants of the kind `given`.")

    def wrong_result(self, step: Step, random: Random) -> str:
        raise ShowhowError("A data set has no steps; use variants of the kind `given`.")


def _problem(
    settings: DatasetSettings, split: str, index: int, key: str, question: OwnQuestion
) -> Problem:
    plain = NUMBER_OR_WORD.findall(key)
    numbers = [settings.answer.read(word, alone=True) for word in plain if word[0].isdigit()]
    return Problem(
        id=problem_id(split, index),
        split=split,
        prompt=question.prompt,
        answer=question.answer,
        steps=(),
        groups={"length": len(key.split())},
        last_operand=next(filter(None, reversed(numbers)), ""),
        responses=question.responses,
        aliases=question.aliases,
    )


TASK = Dataset()
