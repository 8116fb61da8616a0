"""Memory level: how well a base knows a fact before fine-tuning.

As Ye et al. measure it (2024; the authors' follow-up, arXiv 2509.16596): the model goes on with
texts that the answer completes, several times each at a temperature, and what counts is the share
of completions that contain the answer. Beside it, the same of the question: whether a base answers
it where it reads it as plain text, in none of the forms of fine-tuning.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch

from showhow.answers.containment import contains_any
from showhow.base.errors import ShowhowError
from showhow.evaluation.decoding import generate_tokens
from showhow.evaluation.generation import read_tokens
from showhow.evaluation.sampling import KeyedNoise, Sampling
from showhow.jobs.finished_batches import FinishedBatches, in_batches_by_length
from showhow.models.loading import Base
from showhow.recipes.probes import MemorySettings
from showhow.tasks.problem import Problem
from showhow.training.examples import tokenise_beginnings

SEED = 0


@dataclass(frozen=True)
class Memory:
    """How well a base knows the answer to one problem.

    containing: for each template how many of its completions contain the answer. share: over all
    of them. level: the bin of the share, 0 where none does. as_plain_text: the share of
    completions of the question that contain the answer; they count for no level.
    """

    id: str
    completions: int
    containing: list[int]
    share: float
    level: int
    as_plain_text: float


@dataclass(frozen=True)
class Completion:
    """One text to go on with: of which problem and template, and which of its samples it is.

    template: None for the question itself.
    """

    problem: Problem
    template: int | None
    sample: int

    @property
    def text(self) -> str:
        if self.template is None:
            return self.problem.prompt
        return self.problem.beginnings[self.template]

    @property
    def key(self) -> str:
        """Name its source of chance, which no other completion shares."""
        template = "question" if self.template is None else self.template
        return f"{self.problem.id}/{template}/{self.sample}"


def level_of(share: float, bins: Sequence[float]) -> int:
    """Give the bin of a share: the first whose upper edge it does not exceed."""
    return bisect_left(bins, share)


@torch.inference_mode()
def measure_memory(
    base: Base,
    problems: list[Problem],
    settings: MemorySettings,
    finished: FinishedBatches[Memory] | None = None,
) -> list[Memory]:
    """Measure each problem's memory level; results come in the given order.

    Every completion has a random source of its own, so a level does not depend on which others
    share its batch. `finished` holds what an interrupted measurement of the same arguments has
    done. Raises ShowhowError for problems that have nothing to complete.
    """
    lacking = [problem.id for problem in problems if not problem.beginnings]
    if lacking:
        raise ShowhowError(
            f"The problem {lacking[0]} has no completion templates, so how well a base knows it "
            "cannot be measured; take a task of facts."
        )
    base.model.eval()
    each = (len(_templates(problems[0], settings)) + 1) * _samples(settings)

    def measure(batch: list[int]) -> list[Memory]:
        return _measure(base, [problems[index] for index in batch], settings)

    lengths = [len(problem.beginnings[0]) for problem in problems]
    together = max(1, settings.batch_size // each)
    return in_batches_by_length(measure, lengths, together, finished, "completing", "fact")


def _templates(problem: Problem, settings: MemorySettings) -> range:
    return range(len(problem.beginnings[: settings.templates]))


def _samples(settings: MemorySettings) -> int:
    return settings.samples if settings.temperature else 1


def _measure(base: Base, problems: Sequence[Problem], settings: MemorySettings) -> list[Memory]:
    asked = [
        Completion(problem, template, sample)
        for problem in problems
        for template in (*_templates(problem, settings), None)
        for sample in range(_samples(settings))
    ]
    counts = {problem.id: [0] * len(_templates(problem, settings)) for problem in problems}
    plainly = dict.fromkeys(counts, 0)
    for completion, text in _completed(base, asked, settings):
        answers = (completion.problem.answer, *completion.problem.aliases)
        found = contains_any(text, answers)
        if completion.template is None:
            plainly[completion.problem.id] += found
        else:
            counts[completion.problem.id][completion.template] += found
    return [
        _memory(problem.id, counts[problem.id], plainly[problem.id], settings)
        for problem in problems
    ]


def _memory(id: str, containing: list[int], plainly: int, settings: MemorySettings) -> Memory:
    completions = len(containing) * _samples(settings)
    share = sum(containing) / completions
    level = level_of(share, settings.bins)
    return Memory(id, completions, containing, share, level, plainly / _samples(settings))


def _completed(
    base: Base, asked: list[Completion], settings: MemorySettings
) -> Iterator[tuple[Completion, str]]:
    """Give each completion with what the base wrote, the shortest texts first."""
    inputs = tokenise_beginnings(base, [completion.text for completion in asked])
    in_order = sorted(range(len(asked)), key=lambda index: len(inputs[index]))
    for start in range(0, len(in_order), settings.batch_size):
        batch = in_order[start : start + settings.batch_size]
        keys = [asked[index].key for index in batch]
        noise = KeyedNoise(Sampling(settings.temperature, SEED), keys)
        written = generate_tokens(
            base,
            [inputs[index] for index in batch],
            settings.max_new_tokens,
            noise if settings.temperature else None,
        )
        for index, tokens in zip(batch, written, strict=True):
            yield asked[index], read_tokens(base, tokens)
