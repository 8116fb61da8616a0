"""What a model keeps of a task that it was not fine-tuned on."""

from dataclasses import dataclass
from pathlib import Path

from showhow.answers.forms import AnswerForm
from showhow.evaluation.prediction import Prediction
from showhow.evaluation.scoring import score_split
from showhow.responses.response import Response
from showhow.tasks.problem import Problem, read_problems, read_rows_among, read_rows_for


@dataclass(frozen=True)
class RetainedTask:
    """A task's test problems, how they should be answered, and what the base answered."""

    name: str
    problems: list[Problem]
    references: list[Response]
    before: list[Prediction]
    form: AnswerForm | None = None


@dataclass(frozen=True)
class Divergence:
    """KL(base ‖ tuned) in nats per token, over the tokens of one text, its end included."""

    kl: float
    tokens: int


@dataclass(frozen=True)
class RetainedItem:
    """One problem before and after fine-tuning; `kl` is in nats per token of the base's answer."""

    retained_task: str
    id: str
    correct_before: bool
    correct_after: bool
    kl: float
    tokens: int


@dataclass(frozen=True)
class Retention:
    """One task before and after fine-tuning; `kl` is the mean over all tokens of all answers."""

    n_test: int
    n_correct_before: int
    n_correct_after: int
    accuracy_before: float
    accuracy_after: float
    truncated_after: int
    kl: float
    kl_tokens: int


def read_task(
    name: str, problems: Path, references: Path, before: Path, form: AnswerForm | None = None
) -> RetainedTask:
    """Read a task's files; ShowhowError where they are not of the same problems.

    form: how answers stand in free text; None where this project's tasks word them.
    """
    asked = read_problems(problems)
    return RetainedTask(
        name,
        asked,
        read_rows_for(asked, references, Response),
        read_rows_among(asked, before, Prediction),
        form,
    )


def retained_items(
    task: RetainedTask, after: list[Prediction], moved: list[Divergence]
) -> list[RetainedItem]:
    """Score the answers before and after; `moved` is of the base's own answers."""
    old, new = (
        score_split("test", task.problems, task.references, answers, task.form)
        for answers in (task.before, after)
    )
    return [
        RetainedItem(task.name, was.id, was.correct, now.correct, divergence.kl, divergence.tokens)
        for was, now, divergence in zip(old, new, moved, strict=True)
    ]


def summarise(items: list[RetainedItem], truncated_after: int) -> Retention:
    """Sum up the problems of one task, of which there must be one at least."""
    before = sum(item.correct_before for item in items)
    after = sum(item.correct_after for item in items)
    tokens = sum(item.tokens for item in items)
    return Retention(
        n_test=len(items),
        n_correct_before=before,
        n_correct_after=after,
        accuracy_before=before / len(items),
        accuracy_after=after / len(items),
        truncated_after=truncated_after,
        kl=sum(item.kl * item.tokens for item in items) / tokens,
        kl_tokens=tokens,
    )
