"""transformers' trainers with our batches, our optimiser and checkpoints that are whole."""

import json
import logging
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from accelerate import DistributedType
from accelerate.utils import FullyShardedDataParallelPlugin
from safetensors import SafetensorError
from torch.optim.lr_scheduler import LambdaLR
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
from transformers.loss.loss_utils import fixed_cross_entropy
from transformers.modeling_outputs import Seq2SeqLMOutput
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from showhow.base.errors import ShowhowError
from showhow.base.rows import read_json
from showhow.jobs.unfinished import work_is_kept
from showhow.models.loading import Base
from showhow.models.precision import use_bf16
from showhow.recipes.training import OptimisationRecipe
from showhow.training.batches import RunBatches, length_bucketed_batches
from showhow.training.checkpoints import (
    Checkpoints,
    CheckpointTimer,
    StopRequest,
    stop_at_step_boundary,
)
from showhow.training.examples import Collator, Examples
from showhow.training.optimizers import make_optimizer, warm_up_then_cosine
from showhow.training.processes import (
    Launcher,
    draw_apart,
    largest_of_all,
    these_processes,
    told_by_the_first,
)
from showhow.training.tracking import Tracking

LOSS_CURVE_POINTS = 50
LOSS_SINCE_LOG = "loss_since_log_{process}.json"
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
    sharded: bool = False,
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
    """
    batches = length_bucketed_batches(
        [example.length for example in examples.examples], recipe.batch_size, steps, seed
    )
    processes = these_processes()
    sharding = _sharding(recipe) if sharded else {}
    sharded = sharded and processes.num_processes > 1
    micro_batches = RunBatches(
        batches, recipe.micro_batch_size, processes.num_processes, processes.process_index
    )
    checkpoints = Checkpoints(folder)
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
            gradient_accumulation_steps=micro_batches.accumulation,
            max_grad_norm=recipe.max_grad_norm,
            use_cpu=not torch.cuda.is_available(),
            bf16=use_bf16(recipe.precision),
            activation_checkpointing=recipe.gradient_checkpointing and not sharded,
            ddp_find_unused_parameters=False,
            fsdp=sharded,
            fsdp_config=sharding,
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
        data_collator=Collator(
            base.tokenizer.pad_token_id,
            base.model.prepare_decoder_input_ids_from_labels if base.encoder_decoder else None,
        ),
        train_dataset=examples,
        compute_loss_func=response_loss if base.encoder_decoder else None,
    )
    draw_apart(seed)
    trainer.recipe = recipe
    trainer.run_batches = micro_batches
    trainer.checkpoints = checkpoints
    trainer.timer = CheckpointTimer(checkpoint_seconds)
    trainer.remove_callback(PrinterCallback)
    trainer.remove_callback(ProgressCallback)
    seen = [examples[index] for batch in batches for index in batch]
    train_tokens = sum(len(e.input_ids) + base.encoder_decoder * len(e.labels) for e in seen)
    for callback in tracking.callbacks(steps, train_tokens) if processes.is_main_process else ():
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


def response_loss(
    outputs: Seq2SeqLMOutput, labels: torch.Tensor, num_items_in_batch: torch.Tensor
) -> torch.Tensor:
    """Add up the loss of a micro-batch's response tokens, as a share of the whole batch's mean.

    T5's own loss is the mean over the micro-batch, and the trainer adds those up as they are: with
    accumulation the gradient would be too large, and short responses would weigh more.
    `labels` has shape (examples, tokens), the logits one axis more.
    """
    return fixed_cross_entropy(outputs.logits.flatten(0, 1), labels.flatten(), num_items_in_batch)


def _sharding(recipe: OptimisationRecipe) -> dict:
    """Say how weights, gradients and optimiser state are shared out (accelerate's FSDP2)."""
    if recipe.optimizer != "adamw":
        raise ShowhowError(
            f"The optimiser {recipe.optimizer} cannot be sharded over several GPUs: its updates "
            "need whole matrices. Choose `optimizer: adamw` for this model, or let every GPU hold "
            "the whole model (sharded: false in the table of resources)."
        )
    return {
        "version": 2,
        "state_dict_type": "SHARDED_STATE_DICT",
        "activation_checkpointing": recipe.gradient_checkpointing,
    }


def _train_from_last_checkpoint(trainer: "_ResumableTrainer") -> None:
    with stop_at_step_boundary() as request:
        last = told_by_the_first(trainer.checkpoints.last_good)
        if last is not None:
            if these_processes().is_main_process:
                log.info("Going on from the checkpoint %s.", last)
            trainer.add_callback(LossSinceLog(trainer, last))
        trainer.add_callback(SaveAtStepEnd(trainer.timer, request))
        trainer.train(resume_from_checkpoint=None if last is None else str(last))
    if request.signal is not None:
        if these_processes().is_main_process:
            log.warning("Stopped by signal %s; the next start goes on from here.", request.signal)
        raise SystemExit(request.exit_status)


class _ResumableTrainer:
    """Gives the trainer the run's batches in place of its own sampler, and whole checkpoints."""

    recipe: OptimisationRecipe
    run_batches: RunBatches
    checkpoints: Checkpoints
    timer: CheckpointTimer

    def get_train_dataloader(self) -> DataLoader:
        """Give this process's micro-batches; accelerate is not to share them out once more."""
        return DataLoader(
            self.train_dataset,
            batch_sampler=self.run_batches,
            collate_fn=self.data_collator,
            pin_memory=self.args.dataloader_pin_memory,
        )

    def create_accelerator_and_postprocess(self) -> None:
        """Have accelerate shard on a CPU as well, as torch can; it knows of GPUs alone."""
        super().create_accelerator_and_postprocess()
        state = self.accelerator.state
        if self.args.fsdp and state.distributed_type == DistributedType.MULTI_CPU:
            state.distributed_type = DistributedType.FSDP
            state.fsdp_plugin = FullyShardedDataParallelPlugin(**self.args.fsdp_plugin_args)
            self.is_fsdp_enabled = True

    def create_optimizer(self, model=None) -> torch.optim.Optimizer:
        self.optimizer = make_optimizer(self.model, self.recipe)
        return self.optimizer

    def create_scheduler(self, num_training_steps: int, optimizer=None) -> LambdaLR:
        warmup = max(1, round(num_training_steps * self.recipe.warmup_share))
        self.lr_scheduler = warm_up_then_cosine(self.optimizer, num_training_steps, warmup)
        return self.lr_scheduler

    def _save_checkpoint(self, model, trial) -> None:
        """Write what the trainer itself keeps, and the loss that it has not logged yet."""
        step = self.state.global_step
        written = self.checkpoints.writing / f"{PREFIX_CHECKPOINT_DIR}-{step}"
        try:
            with self.timer.measured():
                super()._save_checkpoint(model, trial)
                loss = {"sum": self._tr_loss.item(), "logged_at": self._globalstep_last_logged}
                file = LOSS_SINCE_LOG.format(process=self.args.process_index)
                (written / file).write_text(json.dumps(loss))
                self.accelerator.wait_for_everyone()
                if self.args.should_save:
                    self.checkpoints.keep(written, step)
                self.accelerator.wait_for_everyone()
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
    """Asks for a checkpoint when one is due, and for one and the end after a signal to stop.

    Processes that train together stop and save together, when any of them has to. Where finished
    work is kept, the last step is saved as well.
    """

    def __init__(self, timer: CheckpointTimer, request: StopRequest):
        self.timer = timer
        self.request = request
        self.launcher = Launcher()

    def on_step_end(self, args, state, control, **kwargs):
        told = self.request.signal or self.launcher.signal()
        stop, due = largest_of_all(told, int(self.timer.due()))
        if stop:
            self.request.signal = stop
            control.should_save = control.should_training_stop = True
        elif state.global_step == state.max_steps:
            control.should_save = work_is_kept()
        elif due:
            control.should_save = True


class LossSinceLog(TrainerCallback):
    """Gives back the loss since the last point of the curve, which the trainer does not keep."""

    def __init__(self, trainer: _ResumableTrainer, checkpoint: Path):
        self.trainer = trainer
        file = LOSS_SINCE_LOG.format(process=trainer.args.process_index)
        self.kept = read_json(checkpoint / file)

    def on_train_begin(self, args, state, control, **kwargs):
        self.trainer._tr_loss.fill_(self.kept["sum"])
        self.trainer._globalstep_last_logged = self.kept["logged_at"]
