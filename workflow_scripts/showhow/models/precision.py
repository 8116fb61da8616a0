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


def place(model: PreTrainedModel, precision: Precision, trained: bool = False) -> None:
    """Move a model that is only asked to the GPU if there is one, in the format of `precision`.

    trained: whether all its weights were fine-tuned. `auto` then leaves them in fp32, in which they
    were trained: a short training at a small rate changes a weight by less than bf16 can tell.
    """
    device = "cuda" if torch.cuda.is_available() else "cpu"
    bf16 = use_bf16("fp32" if trained and precision == "auto" else precision)
    torch.nn.Module.to(model, device, torch.bfloat16 if bf16 else torch.float32)


def in_fp32(model: PreTrainedModel) -> bool:
    """Say whether a model that was placed computes in fp32."""
    return next(model.parameters()).dtype == torch.float32
