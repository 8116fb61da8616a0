"""What every task offers, and the part that tasks with random problems share."""

from abc import ABC, abstractmethod
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from showhow.base.errors import ShowhowError
from showhow.tasks.problem import Problem, Step, problem_id

Level = Literal["short", "medium", "long"]

# So many draws in a row that give nothing new mean that the configuration is used up.
DRAWS_PER_PROBLEM = 50_000

Question = TypeVar("Question")


class TaskSettings(BaseModel):
    """What every task can be told."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seed: int = Field(0, description="Draws another set of problems from the same distribution.")


def seed_of(settings: TaskSettings, draw: int) -> int | str:
    """Give what a training set is drawn with: the task's seed, and a run's where there is one."""
    return f"{settings.seed} draw {draw}" if draw else settings.seed


class Task(ABC):
    """Makes problems and words their solutions. One instance, `TASK`, in each task's file."""

    kind: ClassVar[str]
    Settings: ClassVar[type[TaskSettings]]
    wordings: ClassVar[int] = 1
    """In how many wordings it can say each level of detail; all but one in `explain_otherwise`."""

    @abstractmethod
    def evaluation_splits(self, settings: TaskSettings) -> tuple[str, ...]:
        """Name the splits to evaluate on; "test", distributed as the training data, is first."""

    @abstractmethod
    def check(self, settings: TaskSettings) -> None:
        """Raise ShowhowError when no problem, or no harder split, can satisfy the settings."""

    def files(self, settings: TaskSettings) -> list[Path]:
        """Name the files that the problems are read from; most tasks make theirs up."""
        return []

    def code(self, settings: TaskSettings) -> list[Path]:
        """Name Python files of the user's own that these settings have the task run."""
        return []

    @abstractmethod
    def generate(
        self, settings: TaskSettings, split: str, count: int, exclude: set[str], draw: int = 0
    ) -> list[Problem]:
        """Make the first `count` problems of a split ("train" or an evaluation split).

        No two are equal in canonical form, and none is in `exclude`, a set of canonical forms.
        A smaller count gives the first problems of a larger one. draw: of training problems, the
        run's seed; another draw gives others, or those there are in another order. Raises
        ShowhowError when the settings do not yield enough distinct problems.
        """

    def count_training(self, settings: TaskSettings, kept_out: dict[str, int]) -> int | None:
        """Count all training problems; None where as many can be made as are asked for.

        kept_out: how many problems each set to evaluate on has, which training may not meet. Raises
        ShowhowError where the files do not serve.
        """
        return None

    @abstractmethod
    def canonical(self, problem: Problem) -> str:
        """Give the form that is the same for all problems that are the same but for order."""

    @abstractmethod
    def explain(self, step: Step, level: Level) -> str:
        """Word one step; the sentence's words are separated by single spaces, " ." ends it."""

    def explain_otherwise(self, step: Step, level: Level, wording: int) -> str:
        """Word one step in a further wording, numbered from 1: the same numbers, as many words."""
        raise NotImplementedError(f"{self.kind} says that it has {self.wordings} wordings.")

    @abstractmethod
    def wrong_result(self, step: Step, random: Random) -> str:
        """Give a plausible result of the step that is not its result."""

    def solve_wrongly(self, problem: Problem, random: Random) -> tuple[Step, ...]:
        """Give the solution's steps with a result in each that its operands do not give.

        Where steps start from the results of others, wrong ones are carried on and the problem's
        numbers are misread: else the last step would still give the answer away. This one only
        suits steps that do not build on one another.
        """
        return tuple(
            replace(step, result=self.wrong_result(step, random)) for step in problem.steps
        )

    def carry_on(self, problem: Problem, place: int, result: str) -> Problem | None:
        """Give the problem as who has another result in the step at `place` (from 0) solves it.

        The steps before it are its own; those behind it, and the answer, follow from that result
        by right reasoning. None for a task whose steps do not build on one another.
        """
        return None

    @property
    def carries_on(self) -> bool:
        """Say whether the task knows what follows from another result of a step."""
        return type(self).carry_on is not Task.carry_on

    def shortcuts(self, settings: TaskSettings, problem: Problem) -> dict[str, str]:
        """Say what rules that look at no structure answer to a problem, by the rules' names.

        The majority of training and the last operand are tried for every task.
        """
        return {}


class RandomTask(Task, Generic[Question]):
    """A task whose problems are drawn one by one; a question is a problem before it is worded."""

    @abstractmethod
    def draw(self, settings: TaskSettings, split: str, random: Random) -> Question | None:
        """Draw a question for the split, or None when the draw is none of the split's."""

    @abstractmethod
    def form(self, question: Question) -> str:
        """Give the question's canonical form."""

    @abstractmethod
    def read(self, prompt: str) -> Question:
        """Read a prompt of this task back."""

    @abstractmethod
    def solve(
        self, settings: TaskSettings, split: str, question: Question, identity: str
    ) -> Problem:
        """Word the question and solve it step by step."""

    def capacity(self, settings: TaskSettings, split: str, exclude: set[str]) -> int | None:
        """Count the distinct problems that the split can have beside those to exclude.

        More is no harm where they are too many to be counted; None says nothing about them.
        """
        return None

    def canonical(self, problem: Problem) -> str:
        return self.form(self.read(problem.prompt))

    def generate(
        self, settings: TaskSettings, split: str, count: int, exclude: set[str], draw: int = 0
    ) -> list[Problem]:
        self.check(settings)
        capacity = self.capacity(settings, split, exclude)
        if capacity is not None and capacity < count:
            raise self._too_few(split, count, f"there are only {capacity}")
        seen = set(exclude)
        stream = f"{self.kind} {seed_of(settings, draw)} {split}"
        return [self._next(settings, split, index, count, seen, stream) for index in range(count)]

    def _next(
        self,
        settings: TaskSettings,
        split: str,
        index: int,
        count: int,
        seen: set[str],
        stream: str,
    ) -> Problem:
        """Draw the problem at `index`, from its own seed, until it is new; note it in `seen`."""
        random = Random(f"{stream} {index}")
        for _ in range(DRAWS_PER_PROBLEM):
            question = self.draw(settings, split, random)
            if question is None:
                continue
            form = self.form(question)
            if form not in seen:
                seen.add(form)
                return self.solve(settings, split, question, problem_id(split, index))
        found = f"{index} were found, then {DRAWS_PER_PROBLEM:,} draws gave no new one"
        raise self._too_few(split, count, found)

    def _too_few(self, split: str, count: int, found: str) -> ShowhowError:
        return ShowhowError(
            f"The task '{self.kind}' cannot make {count} distinct problems for the split "
            f"'{split}': {found}. Ask for fewer, or widen the task's settings."
        )
