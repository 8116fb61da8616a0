"""A training as it is seen from outside while it runs: its log, its progress file, trackers.

None of it changes a result.
"""

from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm
from transformers import TrainerCallback, TrainerState
from transformers.integrations import TensorBoardCallback

from showhow.base.files import remove_folder
from showhow.training.progress import Pace, ProgressWriter, progress_file

TENSORBOARD = "tensorboard"
LOG = "The job's log; how far the training has come is written beside it."


@dataclass(frozen=True)
class Tracking:
    """Where a training is told of.

    log: the job's log, `logs/<stage>/<run>.log`; without one there is a bar on stderr and nothing
    else. trackers: names that transformers' `report_to` knows.
    """

    log: Path | None = None
    trackers: tuple[str, ...] = ()

    @property
    def name(self) -> str | None:
        """Name the run as its log does, without the stage."""
        if self.log is None:
            return None
        parts = self.log.with_suffix("").parts
        return "/".join(parts[2:] or parts[-1:])

    @property
    def events(self) -> Path | None:
        """Name the folder of the run's TensorBoard files: `logs/tensorboard/<run>`."""
        if self.log is None or self.name is None or TENSORBOARD not in self.trackers:
            return None
        return Path(self.log.parts[0], TENSORBOARD, self.name)

    @property
    def others(self) -> list[str]:
        """List the trackers that need nothing from here but the run's name."""
        return [tracker for tracker in self.trackers if tracker != TENSORBOARD]

    def callbacks(self, steps: int, tokens: int) -> list[TrainerCallback]:
        """Make what tells of a training of so many steps and tokens, for the first process."""
        pace = Pace(steps, tokens)
        told: list[TrainerCallback] = [ProgressBar(pace)]
        if self.log is not None:
            told.append(ProgressFile(ProgressWriter(progress_file(self.log), pace)))
        if self.events is not None:
            told.append(TensorBoardFiles(self.events))
        return told


def loss_curve(state: TrainerState) -> list[tuple[int, float]]:
    """Read the points so far, (step, mean loss since), from what the trainer has logged."""
    return [(int(told["step"]), told["loss"]) for told in state.log_history if "loss" in told]


class ProgressBar(TrainerCallback):
    """A bar with loss, tokens per second and time left, in the job's log."""

    def __init__(self, pace: Pace):
        self.pace = pace

    def on_train_begin(self, args, state, control, **kwargs):
        self.pace.begin(state.global_step)
        self.bar = tqdm(
            total=self.pace.steps,
            initial=state.global_step,
            desc="training",
            unit="step",
            mininterval=2.0,
        )

    def on_step_end(self, args, state, control, **kwargs):
        self.bar.update(state.global_step - self.bar.n)

    def on_log(self, args, state, control, logs=None, **kwargs):
        if logs and "loss" in logs:
            speed = self.pace.tokens_per_second(state.global_step) or 0.0
            self.bar.set_postfix_str(
                f"loss {logs['loss']:.3f}, {speed:,.0f} tokens/s", refresh=False
            )

    def on_train_end(self, args, state, control, **kwargs):
        self.bar.close()


class ProgressFile(TrainerCallback):
    """Has the progress file written."""

    def __init__(self, writer: ProgressWriter):
        self.writer = writer

    def on_train_begin(self, args, state, control, **kwargs):
        self.writer.begin(state.global_step, loss_curve(state))

    def on_step_end(self, args, state, control, **kwargs):
        self.writer.step_done(state.global_step)

    def on_log(self, args, state, control, logs=None, **kwargs):
        if logs and "loss" in logs:
            self.writer.add_loss(state.global_step, logs["loss"])

    def on_train_end(self, args, state, control, **kwargs):
        self.writer.end(state.global_step)


class TensorBoardFiles(TensorBoardCallback):
    """transformers' own events, in the run's folder; what a resumed training repeats is hidden."""

    def __init__(self, folder: Path):
        super().__init__()
        self.folder = folder

    def on_train_begin(self, args, state, control, **kwargs):
        resumed = state.global_step > 0
        if not resumed:
            remove_folder(self.folder)
        purge_step = state.global_step + 1 if resumed else None
        self.tb_writer = self._SummaryWriter(str(self.folder), purge_step=purge_step)
        super().on_train_begin(args, state, control, **kwargs)
