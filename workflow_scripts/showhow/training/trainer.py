"""transformers' trainers with our batches, our optimiser and checkpoints that are whole."""

import json
import logging
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError
from torch.utils.data import DataLoader
from transformers import (
    PrinterCallback,
    ProgressCallback,
    Seq2SeqTrainer,
    Seq2SeqTrainingArguments,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from showhow.artifacts import read_json
from showhow.errors import ShowhowError
from showhow.models.loading import Base
from showhow.models.precision import use_bf16
from showhow.training.batches import RunBatches, length_bucketed_batches
from showhow.training.checkpoints import (
    Checkpoints,
    CheckpointTimer,
    StopRequest,
    stop_at_step_boundary,
)
from showhow.training.examples import Collator, Examples
from showhow.training.optimizers import make_optimizer, warm_up_then_cosine
from showhow.training.tracking import Tracking
from showhow.workflow.recipes import OptimisationRecipe

LOSS_CURVE_POINTS = 50
LOSS_SINCE_LOG = "loss_since_log.json"
NOBODY = Tracking()

log = logging.getLogger(__name__)


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
    examples: Examples,
    recipe: OptimisationRecipe,
    steps: int,
    seed: int,
    folder: Path,
    checkpoint_seconds: float = math.inf,
    tracking: Tracking = NOBODY,
) -> TrainingRecord:
    """Train `base.model` in place for `steps` optimiser steps; loss on the response tokens only.

    Equal arguments give equal weights. `folder` holds the checkpoints of this very run and is
    named by its key; training goes on from the last one, every `checkpoint_seconds` there is a
    new one, and where it was interrupted makes no difference to weights and record. After a
    signal to stop it writes one more at the end of the step, and raises SystemExit. `tracking`
    says where it is followed from, and changes nothing.
    """
    batches = length_bucketed_batches(
        [example.length for example in examples.examples], recipe.batch_size, steps, seed
    )
    micro_batches = RunBatches(batches, recipe.micro_batch_size)
    accumulation = len(micro_batches) // len(batches)
    checkpoints = Checkpoints(folder)
    optimizer = make_optimizer(base.model, recipe)
    schedule = warm_up_then_cosine(optimizer, steps, max(1, round(steps * recipe.warmup_share)))
    trainer_class, arguments_class = (
        (_BatchedSeq2SeqTrainer, Seq2SeqTrainingArguments)
        if base.encoder_decoder
        else (_BatchedTrainer, TrainingArguments)
    )
    trainer = trainer_class(
        model=base.model,
        args=arguments_class(
            output_dir=str(checkpoints.writing),
            max_steps=steps,
            gradient_accumulation_steps=accumulation,
            max_grad_norm=recipe.max_grad_norm,
            use_cpu=not torch.cuda.is_available(),
            bf16=use_bf16(recipe.precision),
            activation_checkpointing=recipe.gradient_checkpointing,
            seed=seed,
            logging_steps=max(1, steps // LOSS_CURVE_POINTS),
            logging_nan_inf_filter=False,
            save_strategy="no",
            report_to=tracking.others,
            run_name=tracking.name,
            dataloader_pin_memory=torch.cuda.is_available(),
            remove_unused_columns=False,
            disable_tqdm=True,
        ),
        data_collator=Collator(base.tokenizer.pad_token_id),
        train_dataset=examples,
        optimizers=(optimizer, schedule),
    )
    trainer.run_batches = micro_batches
    trainer.checkpoints = checkpoints
    trainer.timer = CheckpointTimer(checkpoint_seconds)
    trainer.remove_callback(PrinterCallback)
    trainer.remove_callback(ProgressCallback)
    seen = [examples[index] for batch in batches for index in batch]
    train_tokens = sum(len(e.input_ids) + base.encoder_decoder * len(e.labels) for e in seen)
    for callback in tracking.callbacks(steps, train_tokens):
        trainer.add_callback(callback)
    base.model.train()
    _train_from_last_checkpoint(trainer)
    curve = [
        (entry["step"], entry["loss"]) for entry in trainer.state.log_history if "loss" in entry
    ]
    return TrainingRecord(
        steps=steps,
        train_tokens=train_tokens,
        target_tokens=sum(example.target_tokens for example in seen),
        examples_seen=len(seen),
        final_loss=curve[-1][1],
        loss_curve=curve,
    )


def _train_from_last_checkpoint(trainer: "_ResumableTrainer") -> None:
    with stop_at_step_boundary() as request:
        last = trainer.checkpoints.last_good()
        if last is not None:
            log.info("Going on from the checkpoint %s.", last)
            trainer.add_callback(LossSinceLog(trainer, last))
        trainer.add_callback(SaveAtStepEnd(trainer.timer, request))
        trainer.train(resume_from_checkpoint=None if last is None else str(last))
    if request.signal is not None:
        log.warning("Stopped by signal %s; the next start goes on from here.", request.signal)
        raise SystemExit(request.exit_status)


class _ResumableTrainer:
    """Gives the trainer the run's batches in place of its own sampler, and whole checkpoints."""

    run_batches: RunBatches
    checkpoints: Checkpoints
    timer: CheckpointTimer

    def get_train_dataloader(self) -> DataLoader:
        loader = DataLoader(
            self.train_dataset,
            batch_sampler=self.run_batches,
            collate_fn=self.data_collator,
            pin_memory=self.args.dataloader_pin_memory,
        )
        return self.accelerator.prepare(loader)

    def _save_checkpoint(self, model, trial) -> None:
        """Write what the trainer itself keeps, and the loss that it has not logged yet."""
        step = self.state.global_step
        written = self.checkpoints.writing / f"{PREFIX_CHECKPOINT_DIR}-{step}"
        try:
            with self.timer.measured():
                super()._save_checkpoint(model, trial)
                loss = {"sum": self._tr_loss.item(), "logged_at": self._globalstep_last_logged}
                (written / LOSS_SINCE_LOG).write_text(json.dumps(loss))
                self.checkpoints.keep(written, step)
        except (OSError, RuntimeError, SafetensorError) as problem:
            raise ShowhowError(
                f"The checkpoint of step {step} could not be written to "
                f"{self.checkpoints.folder} ({problem}). Is the disk full? Make room and start "
                "again: training goes on from the checkpoint before it."
            ) from problem


class _BatchedTrainer(_ResumableTrainer, Trainer):
    """A decoder's trainer."""


class _BatchedSeq2SeqTrainer(_ResumableTrainer, Seq2SeqTrainer):
    """An encoder-decoder's trainer."""


class SaveAtStepEnd(TrainerCallback):
    """Asks for a checkpoint when one is due, and for one and the end after a signal to stop."""

    def __init__(self, timer: CheckpointTimer, request: StopRequest):
        self.timer = timer
        self.request = request

    def on_step_end(self, args, state, control, **kwargs):
        if self.request.signal is not None:
            control.should_save = control.should_training_stop = True
        elif self.timer.due() and not control.should_training_stop:
            control.should_save = True


class LossSinceLog(TrainerCallback):
    """Gives back the loss since the last point of the curve, which the trainer does not keep."""

    def __init__(self, trainer: _ResumableTrainer, checkpoint: Path):
        self.trainer = trainer
        self.kept = read_json(checkpoint / LOSS_SINCE_LOG)

    def on_train_begin(self, args, state, control, **kwargs):
        self.trainer._tr_loss.fill_(self.kept["sum"])
        self.trainer._globalstep_last_logged = self.kept["logged_at"]
