"""transformers' trainer with our batches, our optimiser and checkpoints that are whole."""

import json
import logging
from functools import partial
from pathlib import Path
from typing import Any, cast

import torch
from accelerate import DistributedType
from accelerate.utils import FullyShardedDataParallelPlugin
from safetensors import SafetensorError
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, Dataset
from transformers import (
    PreTrainedModel,
    PrinterCallback,
    ProgressCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
)
from transformers.trainer_utils import PREFIX_CHECKPOINT_DIR

from showhow.base.errors import ShowhowError
from showhow.base.rows import read_json
from showhow.jobs.unfinished import work_is_kept
from showhow.models.loading import Base
from showhow.recipes.training import OptimisationRecipe
from showhow.training.batches import RunBatches
from showhow.training.checkpoints import (
    Checkpoints,
    CheckpointTimer,
    StopRequest,
    stop_at_step_boundary,
)
from showhow.training.chosen_checkpoint import AskAtStepEnd, ChosenCheckpoint
from showhow.training.examples import Collator, Example
from showhow.training.losses import (
    response_loss,
    takes_places,
    weighted_response_loss,
    with_places,
)
from showhow.training.optimizers import make_optimizer, warm_up_then_cosine
from showhow.training.processes import (
    Launcher,
    largest_of_all,
    these_processes,
    told_by_the_first,
)

LOSS_SINCE_LOG = "loss_since_log_{process}.json"

log = logging.getLogger(__name__)


def train_from_last_checkpoint(trainer: "ResumableTrainer") -> None:
    """Train to the end, or to the step at which a signal asks to stop: then raise SystemExit."""
    with stop_at_step_boundary() as request:
        last = told_by_the_first(trainer.checkpoints.last_good)
        if last is not None:
            if these_processes().is_main_process:
                log.info("Going on from the checkpoint %s.", last)
            trainer.add_callback(LossSinceLog(trainer, last))
        if trainer.chosen is not None:
            if last is not None:
                trainer.chosen.load(last)
            model, folder = cast(PreTrainedModel, trainer.model), trainer.checkpoints.folder
            trainer.add_callback(AskAtStepEnd(trainer.chosen, model, folder, request))
        trainer.add_callback(SaveAtStepEnd(trainer.timer, request))
        trainer.train(resume_from_checkpoint=None if last is None else str(last))
    if request.signal is not None:
        if these_processes().is_main_process:
            log.warning("Stopped by signal %s; the next start goes on from here.", request.signal)
        raise SystemExit(128 + request.signal)


class ResumableTrainer(Trainer):
    """Gives the trainer the run's batches in place of its own sampler, and whole checkpoints."""

    def __init__(
        self,
        base: Base,
        examples: list[Example],
        run_batches: RunBatches,
        recipe: OptimisationRecipe,
        checkpoints: Checkpoints,
        timer: CheckpointTimer,
        settings: dict,
        chosen: ChosenCheckpoint | None = None,
    ):
        """Make the trainer; `settings` are transformers' arguments beside those that it needs.

        chosen: what chooses among the checkpoints; None where the last one is kept.
        """
        self.chosen = chosen
        self.run_batches = run_batches
        self.recipe = recipe
        self.checkpoints = checkpoints
        self.timer = timer
        super().__init__(
            model=base.model,
            args=TrainingArguments(
                output_dir=str(checkpoints.writing),
                gradient_accumulation_steps=run_batches.accumulation,
                save_strategy="no",
                ddp_find_unused_parameters=False,
                remove_unused_columns=False,
                disable_tqdm=True,
                **settings,
            ),
            data_collator=Collator(
                base.padding_token,
                cast(Any, base.model).prepare_decoder_input_ids_from_labels
                if base.encoder_decoder
                else None,
            ),
            train_dataset=cast(Dataset, examples),
            compute_loss_func=response_loss if base.encoder_decoder else None,
        )
        self.unweighted_loss = self.compute_loss_func
        self.shifts_labels = not base.encoder_decoder
        self.takes_places = not base.encoder_decoder and takes_places(base.model)
        self.remove_callback(PrinterCallback)
        self.remove_callback(ProgressCallback)

    def get_train_dataloader(self) -> DataLoader:
        """Give this process's micro-batches; accelerate is not to share them out once more."""
        return DataLoader(
            cast(Dataset, self.train_dataset),
            batch_sampler=self.run_batches,
            collate_fn=self.data_collator,
            pin_memory=self.args.dataloader_pin_memory,
        )

    def compute_loss(self, model, inputs, return_outputs=False, num_items_in_batch=None):
        """Compute the loss as the model does, or with the weights that the examples bring along.

        Of a decoder's places, only those before a response token need logits: over a vocabulary of
        many thousands these are a large part of all work.
        """
        if self.takes_places:
            inputs = with_places(inputs)
        weights = inputs.pop("loss_weights", None)
        self.compute_loss_func = self.unweighted_loss
        if weights is not None:
            shifted = inputs.pop("shift_labels", None)
            if shifted is not None:
                inputs["labels"] = shifted
            self.compute_loss_func = partial(
                weighted_response_loss,
                weights=weights,
                shifts_labels=self.shifts_labels and shifted is None,
            )
        return super().compute_loss(model, inputs, return_outputs, num_items_in_batch)

    def create_accelerator_and_postprocess(self) -> None:
        """Have accelerate shard on a CPU as well, as torch can; it knows of GPUs alone."""
        super().create_accelerator_and_postprocess()
        state = self.accelerator.state
        if self.args.fsdp and state.distributed_type == DistributedType.MULTI_CPU:
            state.distributed_type = DistributedType.FSDP
            state.fsdp_plugin = FullyShardedDataParallelPlugin(
                **cast(Any, self.args).fsdp_plugin_args
            )
            self.is_fsdp_enabled = True

    def create_optimizer(self, model=None) -> torch.optim.Optimizer:
        self.optimizer = make_optimizer(cast(PreTrainedModel, self.model), self.recipe)
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
                    if self.chosen is not None:
                        self.chosen.save(written)
                    self.checkpoints.keep(written, step)
                self.accelerator.wait_for_everyone()
        except (OSError, RuntimeError, SafetensorError) as problem:
            raise ShowhowError(
                f"The checkpoint of step {step} could not be written to "
                f"{self.checkpoints.folder} ({problem}). Is the disk full? Make room and start "
                "again: training goes on from the checkpoint before it."
            ) from problem


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

    def __init__(self, trainer: ResumableTrainer, checkpoint: Path):
        self.trainer = trainer
        file = LOSS_SINCE_LOG.format(process=trainer.args.process_index)
        self.kept = read_json(checkpoint / file)

    def on_train_begin(self, args, state, control, **kwargs):
        self.trainer._tr_loss.fill_(self.kept["sum"])
        self.trainer._globalstep_last_logged = self.kept["logged_at"]
