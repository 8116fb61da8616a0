"""Which number format a model computes in."""

import torch
from transformers import PreTrainedModel

from showhow.jobs.devices import kind_of_device
from showhow.recipes.described import Precision


def use_bf16(precision: Precision) -> bool:
    """Say whether to compute in bf16: when asked, and by itself on a GPU that has it.

    On a CPU `auto` stays with fp32: bf16 made models under 200,000 parameters a third slower, and
    one of 600,000 an eighth faster (benchmarks/precision.py).
    """
    if precision == "auto":
        return kind_of_device() == "GPU with bf16"
    return precision == "bf16"


def place(model: PreTrainedModel, precision: Precision) -> None:
    """Move a model that is only asked to the GPU if there is one, in the format of `precision`."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.nn.Module.to(model, device, torch.bfloat16 if use_bf16(precision) else torch.float32)
