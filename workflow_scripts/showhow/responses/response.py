"""A response, what every variant offers, and the files that hold responses."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from showhow.base.rows import read_rows, write_jsonl
from showhow.tasks.problem import Problem, row_of
from showhow.tasks.task import Task

RARE = ("masked_tokens", "as_alone", "wordings")
AnswerPosition = Literal["last", "first", "alone"]


@dataclass(frozen=True)
class Response:
    """The target text for a problem."""

    id: str
    prompt: str
    response: str
    answer: str
    steps: tuple[str, ...]  # the step sentences in the order of the response
    answer_position: AnswerPosition
    masked_tokens: tuple[int, ...] = ()  # places of the tokens that are left out of the loss
    # From which character to which one it weighs in the loss as if it stood alone; () for nowhere.
    as_alone: tuple[int, ...] = ()
    # Of each step all sentences that say it, where the variant has several wordings.
    wordings: tuple[tuple[str, ...], ...] = ()


class VariantSettings(BaseModel):
    """What a variant can be told; this one nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AnyVariant(ABC):
    """A way of writing responses. One instance, `VARIANT`, in each variant's file."""

    kind: ClassVar[str]
    description: ClassVar[str]  # one sentence
    detail: ClassVar[int | None] = None  # 0 none, 1 short, 2 medium, 3 long; None for controls
    control: ClassVar[bool] = False
    Settings: ClassVar[type[VariantSettings]] = VariantSettings

    def random(self, problem: Problem) -> Random:
        """Give the variant's own source of randomness for one problem."""
        return Random(f"{self.kind} {problem.id} {problem.prompt}")


class Variant(AnyVariant):
    """A way of writing that is the same for every base model."""

    @abstractmethod
    def write(self, settings: VariantSettings, task: Task, problem: Problem) -> Response:
        """Write the response; the same settings and problem always give the same text."""


def write_responses(path: Path | str, responses: list[Response]) -> None:
    """Write one response a line as JSON, the whole file or nothing."""
    write_jsonl(path, [row_of(response, RARE) for response in responses])


def read_responses(path: Path | str) -> list[Response]:
    """Read what `write_responses` wrote; other content raises ShowhowError with path and line."""
    return read_rows(path, Response)
