"""A real OpenAI-compatible server on this machine, with a model that answers A or B at random."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from transformers import AutoConfig, AutoModelForCausalLM, PreTrainedTokenizerFast

WORDS = ["<pad>", "</s>", "<unk>", "A", "B"]
PATIENCE_SECONDS = 300


def coin_folder(folder: Path) -> Path:
    """Have plain transformers write a model that knows two letters, with random weights."""
    tokenizer = Tokenizer(
        models.WordLevel({word: index for index, word in enumerate(WORDS)}, unk_token="<unk>")
    )
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    )
    fast.chat_template = "{% for message in messages %}{{ message['content'] }}{% endfor %}"
    fast.save_pretrained(folder)
    torch.manual_seed(0)
    config = AutoConfig.for_model(
        "llama",
        vocab_size=len(WORDS),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=1,
    )
    model = AutoModelForCausalLM.from_config(config)
    model.generation_config.do_sample = True
    model.save_pretrained(folder)
    return folder


@pytest.fixture(scope="session")
def coin(tmp_path_factory) -> Path:
    """Give the folder of the model."""
    return coin_folder(tmp_path_factory.mktemp("models") / "coin")


@pytest.fixture(scope="session")
def server(coin):
    """Give the port of `transformers serve` with the model."""
    port = free_port()
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    command = [Path(sys.executable).with_name("transformers"), "serve", str(coin)]
    process = subprocess.Popen(
        [*command, "--port", str(port), "--device", "cpu"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(process, port)
        yield port
    finally:
        process.terminate()
        process.wait()


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("localhost", 0))
        return found.getsockname()[1]


def wait_for(process: subprocess.Popen, port: int) -> None:
    """Wait until the server takes connections."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the server has ended"
        try:
            socket.create_connection(("localhost", port), timeout=5).close()
            return
        except OSError:
            time.sleep(0.3)
    raise AssertionError("the server did not start")
