"""The server that the writing stages ask, as in the tests of writing, with another model."""

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from writing.conftest import WORDS, coin_folder, server

__all__ = ["coin", "server"]


@pytest.fixture(scope="session")
def coin(tmp_path_factory) -> Path:
    """Give the folder of a coin that always falls on A: two runs of a study are told the same.

    Its layers add nothing, so that the next word depends on the last one alone.
    """
    folder = coin_folder(tmp_path_factory.mktemp("models") / "coin")
    model = AutoModelForCausalLM.from_pretrained(folder)
    with torch.no_grad():
        for weights in model.model.layers.parameters():
            weights.zero_()
        words, hidden = model.lm_head.weight.shape
        model.model.embed_tokens.weight.copy_(torch.eye(words, hidden))
        model.lm_head.weight.zero_()
        model.lm_head.weight[WORDS.index("A")] = 1
        model.lm_head.weight[WORDS.index("</s>"), WORDS.index("A")] = 2
    model.save_pretrained(folder)
    return folder
