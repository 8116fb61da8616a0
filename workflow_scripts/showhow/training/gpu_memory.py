"""What is done when a GPU's memory does not hold a micro-batch: half of it, in a fresh process."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import torch

from showhow.base.errors import ShowhowError
from showhow.base.rows import read_json, write_json
from showhow.jobs.stage import RUN
from showhow.recipes.training import OptimisationRecipe

FITTING = "micro_batch.json"

Recipe = TypeVar("Recipe", bound=OptimisationRecipe)

log = logging.getLogger(__name__)


@contextmanager
def within_gpu_memory(recipe: Recipe, kept: Path) -> Iterator[Recipe]:
    """Give the recipe with a micro-batch that fits into the GPU's memory, for the block to train.

    When it does not fit, half of it is noted in `kept`, the folder of the run's checkpoints, and
    the process starts anew: it finds the note and the last checkpoint, and all memory free. The
    batch stays what it is, in twice as many micro-batches. One of several processes ends instead,
    as the others have to start anew with it. Raises ShowhowError when not one example fits.
    """
    noted = kept / FITTING
    fitting = recipe.model_copy(update=read_json(noted)) if noted.exists() else recipe
    try:
        yield fitting
    except torch.OutOfMemoryError as problem:
        smaller = _half_of(fitting, str(problem).splitlines()[0])
        write_json(noted, {"micro_batch_size": smaller})
        told = f"The GPU's memory does not hold a micro-batch; going on with {smaller} example(s)."
        if "LOCAL_RANK" in os.environ:
            raise ShowhowError(f"{told} Start again with the same command.") from problem
        log.warning("%s (%s)", told, problem)
        os.execv(sys.executable, [sys.executable, str(RUN), *sys.argv])


def _half_of(recipe: OptimisationRecipe, problem: str) -> int:
    """Give the largest divisor of the micro-batch that is at most half of it."""
    size = recipe.micro_batch_size or recipe.batch_size
    if size == 1:
        advice = "Take a larger GPU (gpu_model in profiles/resources.yaml)"
        if not recipe.gradient_checkpointing:
            advice = f"Set gradient_checkpointing: true. {advice}, if that is not enough"
        raise ShowhowError(f"The GPU's memory does not hold one example ({problem}). {advice}.")
    return next(part for part in range(size // 2, 0, -1) if size % part == 0)
