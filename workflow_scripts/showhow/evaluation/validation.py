"""Asking a model while it is trained: the problems by which its best checkpoint is chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from accelerate.utils import gather_object

from showhow.answers.forms import AnswerForm
from showhow.base.errors import ShowhowError
from showhow.evaluation.generation import generate, longest_generation
from showhow.evaluation.prediction import Prediction
from showhow.evaluation.sampling import sampling_of
from showhow.evaluation.scoring import score_split, summarise
from showhow.jobs.finished_batches import FinishedBatches
from showhow.jobs.options import ToldPart
from showhow.models.loading import Base
from showhow.models.precision import use_bf16
from showhow.recipes.described import Precision
from showhow.recipes.evaluation import EvaluationSettings
from showhow.recipes.training import Every
from showhow.responses.response import Response
from showhow.tasks.problem import Problem, read_problems, read_rows_for
from showhow.training.checkpoints import StopRequest
from showhow.training.chosen_checkpoint import Asked
from showhow.training.processes import these_processes


class Choosing(ToldPart):
    """How the checkpoint that is kept is chosen: by how its answers to validation problems do."""

    every: Every
    settings: EvaluationSettings
    answer_form: AnswerForm | None = None


class StoppedHalfWay(Exception):
    """A signal asked for a stop between two batches; those that are done are kept."""


class UntilStopped(FinishedBatches[Prediction]):
    """Keeps batches of answers, and stops after one where a stop was asked for."""

    def __init__(self, path: Path, stop: StopRequest):
        super().__init__(path, Prediction)
        self.stop = stop

    def add(self, number: int, batch: list[Prediction]) -> None:
        super().add(number, batch)
        # Processes that train together end a step together.
        if self.stop.signal is not None and these_processes().num_processes == 1:
            raise StoppedHalfWay


@dataclass(frozen=True)
class Validation:
    """The problems of a validation split, with what is needed to ask them and to judge answers.

    The model answers in the number format in which it is trained. Of several processes that train
    together, each asks its share.
    """

    base: Base
    problems: Sequence[Problem]
    responses: Sequence[Response]
    choosing: Choosing
    bf16: bool
    seed: int

    def __call__(self, step: int, folder: Path, stop: StopRequest) -> Asked | None:
        """Ask the model, as it is after a step; `folder` keeps the batches that are answered."""
        these = these_processes()
        kept = UntilStopped(folder / f"asked-{step:09d}-{these.process_index}.jsonl", stop)
        share = range(these.process_index, len(self.problems), these.num_processes)
        try:
            answered = self._answers([self.responses[index] for index in share], kept)
        except StoppedHalfWay:
            return None
        except torch.OutOfMemoryError as problem:
            raise ShowhowError(
                f"The GPU's memory does not hold {self.choosing.settings.batch_size} validation "
                f"problems beside the training ({str(problem).splitlines()[0]}); make "
                "evaluation.batch_size smaller."
            ) from problem
        by_id = {answer.id: answer for answer in gather_object(answered)}
        answers = [by_id[problem.id] for problem in self.problems]
        form = self.choosing.answer_form
        scored = score_split("validation", [*self.problems], [*self.responses], answers, form)
        summary = summarise(scored)
        tokens = sum(answer.generated_tokens for answer in answers)
        return Asked(step, summary.accuracy, summary.n_test, tokens)

    def _answers(
        self, references: Sequence[Response], kept: FinishedBatches[Prediction]
    ) -> list[Prediction]:
        settings = self.choosing.settings
        longest = settings.max_new_tokens or longest_generation(
            self.base, [response.response for response in self.responses]
        )
        asked = [(reference.id, reference.prompt) for reference in references]
        if not asked:
            return []
        with torch.autocast(self.base.model.device.type, torch.bfloat16, enabled=self.bf16):
            return generate(
                self.base,
                asked,
                settings.batch_size,
                longest,
                kept,
                sampling_of(settings.sampling, self.seed),
            )


def judge(
    choosing: Mapping[str, Any],
    base: Base,
    asked: tuple[Path, Path],
    precision: Precision,
    seed: int,
) -> Validation:
    """Read what the model is asked: its problems' file, and that of the reference responses."""
    told = Choosing.model_validate(choosing)
    problems = read_problems(asked[0])
    responses = read_rows_for(problems, asked[1], Response)
    return Validation(base, problems, responses, told, use_bf16(precision), seed)
