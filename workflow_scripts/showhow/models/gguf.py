"""llama.cpp's format (GGUF): one file with weights, sizes and tokenizer, made a model folder.

transformers reads such a file, and gives a model that it will not save again. Here the weights go
into an ordinary model of the same sizes.
"""

import json
import struct
from pathlib import Path
from typing import Any, cast

import torch
from tokenizers import Tokenizer, pre_tokenizers
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)
from transformers.integrations.gguf import read_gguf_metadata
from transformers.integrations.gguf.gguf_tokenizer_mapping import GGUF_PRE_TOKENIZER_SPLITS

from showhow.base.errors import ShowhowError
from showhow.base.files import whole_folder
from showhow.base.hashing import content_hash
from showhow.base.rows import write_json

SOURCE = "source.json"
FREE = ("apache-2.0", "mit", "bsd", "cc0", "cc-by-", "unlicense", "isc", "odc-by", "mpl-2.0")
"""How the names of licences begin under which nobody has to accept anything first."""

# How llama.cpp has text cut up before the merges of a byte-level vocabulary (`tokenizer.ggml.pre`).
# transformers knows those of its own table, and cuts as GPT-2 does for every other name.
AS_GPT2 = {"gpt-2", "gpt2", "mpt", "olmo", "jais", "phi-2"}
DIGITS_ALONE = {"smollm", "starcoder", "refact", "command-r", "codeshell"}


def convert_gguf(file: Path, folder: Path, terms_accepted: bool) -> None:
    """Write the model of a GGUF file as a Hugging Face folder, whole or not at all.

    Weights are in fp32, the values that the file's own, often of four bits each, stand for.
    terms_accepted: whether its licence may be any. Raises ShowhowError for a file that is no GGUF,
    that is damaged, or that holds what cannot be read.
    """
    try:
        said, _ = read_gguf_metadata(str(file))
        _check_licence(file, said, terms_accepted)
        _check_cutting(file, said)
        model = _model_in(file)
        tokenizer = _tokenizer_in(file, said)
    except (OSError, ValueError, KeyError, RuntimeError, struct.error) as problem:
        why = " ".join(str(problem).split())
        raise ShowhowError(
            f"{file} could not be read as a model of llama.cpp's format ({why}). Fetch the file "
            "again if it is damaged; if not, name the model as a Hugging Face folder, with "
            "'kind: folder'."
        ) from problem
    with whole_folder(folder) as beside:
        model.save_pretrained(beside)
        tokenizer.save_pretrained(beside)
        write_json(beside / SOURCE, _source(file, said))


def _check_licence(file: Path, said: dict[str, Any], terms_accepted: bool) -> None:
    licence = said.get("general.license")
    if not terms_accepted and licence and not str(licence).lower().startswith(FREE):
        raise ShowhowError(
            f"{file} is under the licence '{licence}', which a person has to accept: read it, and "
            "write `terms:` with its name or address and `accept_terms: true` beside the model's "
            "`kind: package`."
        )


def _check_cutting(file: Path, said: dict[str, Any]) -> None:
    """Refuse a vocabulary whose way of cutting text is not known: its tokens would be others."""
    if said.get("tokenizer.ggml.model") != "gpt2":
        return
    how = said.get("tokenizer.ggml.pre")
    if how not in {*GGUF_PRE_TOKENIZER_SPLITS, *AS_GPT2, *DIGITS_ALONE}:
        raise ShowhowError(
            f"{file} has a tokenizer that cuts text up in the way '{how}', which is not known "
            "here: the model would be given other tokens than it has learned. Name the model as a "
            "Hugging Face folder, with 'kind: folder'."
        )


def _model_in(file: Path) -> PreTrainedModel:
    read, loaded = cast(Any, AutoModelForCausalLM).from_pretrained(
        file.parent,
        gguf_file=file.name,
        dtype=torch.float32,
        trust_remote_code=False,
        output_loading_info=True,
    )
    # transformers would draw what is missing at random.
    if loaded["missing_keys"]:
        raise ValueError(f"it lacks the weights {', '.join(sorted(loaded['missing_keys']))}")
    config = type(read.config).from_dict(
        {
            key: value
            for key, value in read.config.to_dict().items()
            if key not in ("quantization_config", "_name_or_path", "_model_name_or_path")
        }
    )
    with torch.device("meta"):
        model = type(read)(config)
    model.load_state_dict(read.state_dict(), assign=True)
    model.tie_weights()
    model.generation_config = read.generation_config
    return model


def _tokenizer_in(file: Path, said: dict[str, Any]):
    tokenizer = AutoTokenizer.from_pretrained(
        file.parent, gguf_file=file.name, trust_remote_code=False
    )
    words = said["tokenizer.ggml.tokens"]
    if len(tokenizer) > words:
        tokenizer = _without_more(tokenizer, words)
    if said.get("tokenizer.ggml.pre") in DIGITS_ALONE:
        tokenizer.backend_tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Digits(individual_digits=True),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
            ]
        )
    return tokenizer


def _without_more(tokenizer, words: int) -> PreTrainedTokenizerFast:
    """Take out what transformers' class of the kind adds by default: the model embeds no more."""
    described = json.loads(tokenizer.backend_tokenizer.to_str())
    described["added_tokens"] = [
        token for token in described["added_tokens"] if token["id"] < words
    ]
    named = tokenizer.special_tokens_map.items()
    kept = {
        name: token
        for name, token in named
        if isinstance(token, str) and tokenizer.convert_tokens_to_ids(token) < words
    }
    return PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(json.dumps(described)),
        chat_template=tokenizer.chat_template,
        clean_up_tokenization_spaces=False,
        **kept,
    )


def _source(file: Path, said: dict[str, Any]) -> dict[str, Any]:
    """Say which file the folder is made of; not where it lay on this machine."""
    named = ("name", "architecture", "license", "file_type")
    described = {name: said[f"general.{name}"] for name in named if f"general.{name}" in said}
    return {"file": file.name, "sha256": content_hash(file), **described}
