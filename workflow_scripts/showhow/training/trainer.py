"""Training: a model, examples and a recipe go in; the trained model and a record come out."""

import math
from dataclasses import dataclass
from pathlib import Path

import torch

from showhow.base.errors import ShowhowError
from showhow.models.loading import Base
from showhow.models.precision import use_bf16
from showhow.recipes.training import OptimisationRecipe
from showhow.training.batches import RunBatches, length_bucketed_batches
from showhow.training.checkpoints import Checkpoints, CheckpointTimer
from showhow.training.chosen_checkpoint import ChosenCheckpoint
from showhow.training.examples import Example
from showhow.training.processes import draw_apart, these_processes
from showhow.training.resumable_trainer import ResumableTrainer, train_from_last_checkpoint
from showhow.training.tracking import Tracking, loss_curve

LOSS_CURVE_POINTS = 50
NOBODY = Tracking()


@dataclass(frozen=True)
class TrainingRecord:
    """What a training did. Tokens count padding out; the curve is (step, mean loss since)."""

    steps: int
    train_tokens: int
    target_tokens: int
    examples_seen: int
    final_loss: float
    loss_curve: list[tuple[int, float]]


def train(
    base: Base,
    examples: list[Example],
    recipe: OptimisationRecipe,
    steps: int,
    seed: int,
    folder: Path,
    checkpoint_seconds: float = math.inf,
    tracking: Tracking = NOBODY,
    sharded: bool = False,
    chosen: ChosenCheckpoint | None = None,
) -> TrainingRecord:
    """Train `base.model` in place for `steps` optimiser steps; loss on the response tokens only.

    Equal arguments give equal weights. Several processes that torchrun started train together: the
    weights are then those of one process that accumulates the same batches, but for rounding and
    the draws of dropout. With `sharded`, each of them holds a part of weights and optimiser state
    (fully sharded), and `base.model` is left in parts.

    `folder` holds the checkpoints of this very run and is named by its key; training goes on from
    the last one, every `checkpoint_seconds` there is a new one, and where it was interrupted makes
    no difference to weights and record. After a signal to stop it writes one more at the end of
    the step, and raises SystemExit. `tracking` says where it is followed from, and changes nothing.

    With `chosen`, the model is asked after some steps, and has in the end the weights with which it
    answered best; they are the first process's.
    """
    lengths = [example.length for example in examples]
    batches = length_bucketed_batches(lengths, recipe.batch_size, steps, seed)
    seen = [examples[index] for batch in batches for index in batch]
    train_tokens = sum(len(e.input_ids) + base.encoder_decoder * len(e.labels) for e in seen)
    these = these_processes()
    trainer = ResumableTrainer(
        base,
        examples,
        RunBatches(batches, recipe.micro_batch_size, these.num_processes, these.process_index),
        recipe,
        Checkpoints(folder),
        CheckpointTimer(checkpoint_seconds),
        _settings(recipe, steps, seed, tracking) | _sharding(recipe, sharded),
        chosen,
    )
    draw_apart(seed)
    for callback in tracking.callbacks(steps, train_tokens) if these.is_main_process else ():
        trainer.add_callback(callback)
    base.model.train()
    train_from_last_checkpoint(trainer)
    if chosen is not None:
        chosen.restore(base.model)
    curve = loss_curve(trainer.state)
    return TrainingRecord(
        steps=steps,
        train_tokens=train_tokens,
        target_tokens=sum(example.target_tokens for example in seen),
        examples_seen=len(seen),
        final_loss=curve[-1][1],
        loss_curve=curve,
    )


def _settings(recipe: OptimisationRecipe, steps: int, seed: int, tracking: Tracking) -> dict:
    """Say in transformers' words how a recipe trains on this machine, and whom it tells."""
    on_gpu = torch.cuda.is_available()
    return {
        "max_steps": steps,
        "seed": seed,
        "max_grad_norm": recipe.max_grad_norm,
        "bf16": use_bf16(recipe.precision),
        "use_cpu": not on_gpu,
        "dataloader_pin_memory": on_gpu,
        "logging_steps": max(1, steps // LOSS_CURVE_POINTS),
        "logging_nan_inf_filter": False,
        "report_to": tracking.others,
        "run_name": tracking.name,
    }


def _sharding(recipe: OptimisationRecipe, sharded: bool) -> dict:
    """Say how weights, gradients and optimiser state are shared out (accelerate's FSDP2).

    Layers are computed again in the backward pass by whoever holds them: FSDP, or the trainer.
    """
    again = recipe.gradient_checkpointing
    if not sharded:
        return {"activation_checkpointing": again}
    if recipe.optimizer != "adamw":
        raise ShowhowError(
            f"The optimiser {recipe.optimizer} cannot be sharded over several GPUs: its updates "
            "need whole matrices. Choose `optimizer: adamw` for this model, or let every GPU hold "
            "the whole model (sharded: false in the table of resources)."
        )
    several = these_processes().num_processes > 1
    return {
        "fsdp": several,
        "fsdp_config": {
            "version": 2,
            "state_dict_type": "SHARDED_STATE_DICT",
            "activation_checkpointing": again,
        },
        "activation_checkpointing": again and not several,
    }
