"""The checkpoint that is kept: of those that were asked, the one that answered best."""

import json
import logging
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Protocol

import torch
from safetensors.torch import load_file, save_file
from transformers import PreTrainedModel, TrainerCallback

from showhow.base.rows import read_json
from showhow.training.checkpoints import StopRequest
from showhow.training.processes import these_processes

ASKED, BEST = "asked.json", "best.safetensors"

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Asked:
    """How accurate the model was after a step, on so many problems; tokens: what it wrote."""

    step: int
    accuracy: float
    n_test: int
    tokens: int


class Judge(Protocol):
    """Asks the model that is trained, as it is now."""

    def __call__(self, step: int, folder: Path, stop: StopRequest) -> Asked | None:
        """Say how it did; None where a stop was asked for first. `folder` keeps what is done."""
        ...


@dataclass
class ChosenCheckpoint:
    """Asks a run's model after some steps, and keeps the weights with which it was most accurate.

    steps: after which it is asked. What was asked so far and the best weights so far are part of
    each checkpoint, so that a run which was killed chooses as one which was not. Of equally
    accurate checkpoints the earliest is kept.
    """

    judge: Judge
    steps: Collection[int]
    asked: list[Asked] = field(default_factory=list)
    weights: dict[str, torch.Tensor] = field(default_factory=dict)

    @property
    def best(self) -> Asked:
        """Give the most accurate of those that were asked, the earliest of equal ones."""
        return max(self.asked, key=lambda one: (one.accuracy, -one.step))

    @property
    def tokens(self) -> int:
        """Count the tokens of all answers."""
        return sum(one.tokens for one in self.asked)

    def record(self) -> dict[str, object]:
        """Say which step was chosen, and how each that was asked did."""
        best = self.best
        return {
            "step": best.step,
            "accuracy": best.accuracy,
            "n_test": best.n_test,
            "asked": [(one.step, one.accuracy) for one in self.asked],
        }

    def is_due(self, step: int) -> bool:
        """Say whether the model is to be asked after this step, and was not yet."""
        return step in self.steps and all(one.step != step for one in self.asked)

    def ask(self, model: PreTrainedModel, step: int, folder: Path, stop: StopRequest) -> None:
        """Ask the model, and keep a copy of its weights where it is the best so far."""
        with torch.random.fork_rng():
            answered = self.judge(step, folder, stop)
        model.train()
        if answered is None:
            return
        self.asked.append(answered)
        first = these_processes().is_main_process
        if first:
            log.info("After step %d: %.1f%% right.", step, 100 * answered.accuracy)
        if first and self.best is answered:
            self.weights = {
                name: weight.detach().to("cpu", copy=True).contiguous()
                for name, weight in _trained(model)
            }

    def restore(self, model: PreTrainedModel) -> None:
        """Give the model the weights of the best checkpoint."""
        with torch.no_grad():
            for name, weight in _trained(model) if self.weights else ():
                weight.copy_(self.weights[name])

    def save(self, folder: Path) -> None:
        """Write what was asked and the best weights into a checkpoint."""
        rows = [asdict(one) for one in self.asked]
        (folder / ASKED).write_text(json.dumps(rows), encoding="utf-8")
        if self.weights:
            save_file(self.weights, folder / BEST)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        self.asked = [Asked(**row) for row in read_json(folder / ASKED)]
        self.weights = load_file(folder / BEST) if (folder / BEST).exists() else {}


def _trained(model: PreTrainedModel) -> list[tuple[str, torch.nn.Parameter]]:
    return [named for named in model.named_parameters() if named[1].requires_grad]


class AskAtStepEnd(TrainerCallback):
    """Has the model asked at the end of a step; and when going on after one that was not done."""

    def __init__(
        self, chosen: ChosenCheckpoint, model: PreTrainedModel, folder: Path, stop: StopRequest
    ):
        self.chosen = chosen
        self.model = model
        self.folder = folder
        self.stop = stop

    def on_train_begin(self, args, state, control, **kwargs):
        """A stop while it was asked lies at a checkpoint: that is where the next start goes on."""
        self.ask_after(state.global_step)
        if self.stop.signal is not None and self.chosen.is_due(state.global_step):
            raise SystemExit(128 + self.stop.signal)

    def on_step_end(self, args, state, control, **kwargs):
        self.ask_after(state.global_step)

    def ask_after(self, step: int) -> None:
        """Ask the model if it is due after this step."""
        if self.chosen.is_due(step):
            self.chosen.ask(self.model, step, self.folder, self.stop)
