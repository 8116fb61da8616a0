"""Variants whose responses depend on the base model that is to learn from them."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from showhow.base.errors import ShowhowError
from showhow.recipes.voices import VoiceName
from showhow.responses.response import AnyVariant, Response, VariantSettings
from showhow.tasks.problem import Problem
from showhow.tasks.task import Task

Reads = Literal["answers", "perplexities", "memory"]


@dataclass(frozen=True)
class Answers:
    """What a base model answered to one problem before fine-tuning: greedily, and sampled."""

    id: str
    greedy: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class KnownBase:
    """What a variant may know of the base it writes for.

    answers, log_probabilities, levels: by the problem's id, of training problems alone, and only
    where the variant `reads` them. log_probabilities are those of each token of the unfamiliar
    response, the end token last; levels are of memory.
    """

    voice: VoiceName | None = None
    answers: Mapping[str, Answers] = field(default_factory=dict)
    log_probabilities: Mapping[str, list[float]] = field(default_factory=dict)
    levels: Mapping[str, int] = field(default_factory=dict)

    @property
    def own_voice(self) -> VoiceName:
        """Give its voice to a variant that is in a voice, and so for bases that have one."""
        assert self.voice is not None
        return self.voice


@dataclass(frozen=True)
class Written:
    """A response, and how many steps of what the base said were repaired for it."""

    response: Response
    changed_steps: int = 0


class BaseVariant(AnyVariant):
    """A way of writing that needs to know the base.

    reads: what it needs of training problems. filters: whether it writes no response to some of
    them, so that more problems are needed than there are to be responses. in_a_voice: whether the
    base has to have a voice. shortage: what is said when there are fewer responses than asked for.
    """

    reads: ClassVar[Reads | None] = None
    filters: ClassVar[bool] = False
    in_a_voice: ClassVar[bool] = True
    shortage: ClassVar[str] = (
        "The base solved only {written} of the {asked} training problems that it was asked, and "
        "{count} are needed. Raise answering.problems_per_example or answering.samples, ask for "
        "fewer training examples, or take a base that solves more."
    )

    def choose(self, problems: list[Problem], base: KnownBase, draw: int) -> list[Problem]:
        """Give the problems to respond to, in order; a smaller training set has the first ones."""
        return problems

    @abstractmethod
    def write_for(
        self, settings: VariantSettings, task: Task, problem: Problem, base: KnownBase
    ) -> Written | None:
        """Write the response for one base, or None where the problem is to be dropped."""


@dataclass(frozen=True)
class WritingRecord:
    """What became of the problems of a training set.

    asked: problems up to the last that was taken; dropped: those without a response. changed
    responses and steps are of what the base itself said, 0 where nothing of it was taken.
    """

    asked: int
    written: int
    dropped: int
    changed_responses: int
    changed_steps: int
    masked_tokens: int


def first_written(
    written: Iterable[Written | None], count: int, shortage: str = BaseVariant.shortage
) -> tuple[list[Response], WritingRecord]:
    """Take the first `count` responses; raises ShowhowError (`shortage`) when there are fewer."""
    kept: list[Written] = []
    asked = 0
    for asked, one in enumerate(written, start=1):  # noqa: B007 - its last value is told
        if one is not None:
            kept.append(one)
        if len(kept) == count:
            break
    if len(kept) < count:
        raise ShowhowError(shortage.format(written=len(kept), asked=asked, count=count))
    changes = [one.changed_steps for one in kept]
    record = WritingRecord(
        asked=asked,
        written=len(kept),
        dropped=asked - len(kept),
        changed_responses=sum(change > 0 for change in changes),
        changed_steps=sum(changes),
        masked_tokens=sum(len(one.response.masked_tokens) for one in kept),
    )
    return [one.response for one in kept], record
