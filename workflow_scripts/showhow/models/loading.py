"""Loading a base model and its tokenizer from a Hugging Face folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    PreTrainedModel,
    PreTrainedTokenizerBase,
    logging,
)

from showhow.base.errors import ShowhowError
from showhow.base.files import whole_folder
from showhow.base.surroundings import surroundings
from showhow.base.wording import damaged, make_anew, refusal
from showhow.models.prompts import TextFormat, text_format

# A job's log has one bar, the stage's own.
logging.disable_progress_bar()


@dataclass(frozen=True)
class Base:
    """A model with what is needed to speak to it."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerBase
    encoder_decoder: bool
    format: TextFormat

    @property
    def end_token(self) -> int:
        """The token that ends what is learned: of a chat's turn, or the tokenizer's own.

        `load_base` sees that there is one.
        """
        own = self.format.end
        return cast(int, self.tokenizer.eos_token_id) if own is None else own

    @property
    def end_tokens(self) -> frozenset[int]:
        """All tokens by which the model may end a text: what names one is taken at its word."""
        told = [self.end_token, self.tokenizer.eos_token_id]
        for config in (self.model.generation_config, self.model.config):
            named = getattr(config, "eos_token_id", None)
            told += named if isinstance(named, list | tuple) else [named]
        return frozenset(cast(int, token) for token in told if token is not None)

    @property
    def form_of_prompts(self) -> str:
        """Say in which form the model is asked: `chat`, `text`, or `input` of an encoder."""
        return "input" if self.encoder_decoder else "chat" if self.format.chat else "text"

    @property
    def padding_token(self) -> int:
        """The token that fills up a batch."""
        return cast(int, self.tokenizer.pad_token_id)


def load_base(
    folder: Path,
    space_digits: bool = False,
    random_weights_from: int | None = None,
    chat: bool | None = None,
) -> Base:
    """Load a model folder: safetensors only, no code from the folder, weights in fp32.

    With `random_weights_from`, the folder gives architecture and tokenizer, and the weights are
    drawn from that seed. chat: whether it is asked in its chat template; None where it has one.
    Raises ShowhowError when the folder does not hold a model.
    """
    if not (folder / "config.json").is_file():
        raise ShowhowError(
            f"{folder} holds no model (no config.json); name a folder that transformers' "
            f"save_pretrained wrote, or make it with: {make_anew(folder)}"
        )
    try:
        return _load_base(folder, space_digits, random_weights_from, chat)
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as problem:
        raise _damaged_model(folder, _first_line(problem)) from problem


def _damaged_model(folder: Path, what: str) -> ShowhowError:
    """Only a folder of results can be made anew by the workflow; the others are the user's."""
    if folder.is_relative_to(surroundings().results):
        return damaged(folder, what)
    return ShowhowError(
        f"{folder} holds a model that is damaged ({what}); save it anew with transformers' "
        "save_pretrained, weights and tokenizer."
    )


def _first_line(problem: Exception) -> str:
    """Say what is wrong in a line: some libraries explain themselves over a whole page."""
    lines = str(problem).strip().splitlines()
    return f"{type(problem).__name__}: {lines[0]}" if lines else type(problem).__name__


def _load_base(
    folder: Path, space_digits: bool, random_weights_from: int | None, chat: bool | None
) -> Base:
    config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
    encoder_decoder = bool(config.is_encoder_decoder)
    architecture = AutoModelForSeq2SeqLM if encoder_decoder else AutoModelForCausalLM
    if random_weights_from is None:
        model, loaded = cast(Any, architecture).from_pretrained(
            folder,
            use_safetensors=True,
            trust_remote_code=False,
            dtype=torch.float32,
            output_loading_info=True,
        )
        # transformers would draw what is missing at random.
        if loaded["missing_keys"]:
            raise ValueError(f"it lacks the weights {', '.join(sorted(loaded['missing_keys']))}")
    else:
        torch.manual_seed(random_weights_from)
        model = architecture.from_config(config, dtype=torch.float32)
    tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
    if len(tokenizer) > model.get_input_embeddings().num_embeddings:
        raise ValueError(
            f"its tokenizer has {len(tokenizer)} tokens, its model embeds only "
            f"{model.get_input_embeddings().num_embeddings}"
        )
    text = text_format(tokenizer, encoder_decoder, space_digits, chat)
    base = Base(model, tokenizer, encoder_decoder, text)
    if base.end_token is None:
        raise ValueError("neither its tokenizer nor its chat template says how a text ends")
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.convert_ids_to_tokens(base.end_token)
    return base


def save_base(
    base: Base,
    folder: Path,
    describe: Callable[[Path], None] | None = None,
    weights: dict[str, torch.Tensor] | None = None,
) -> None:
    """Write a model folder with its tokenizer, whole or not at all.

    `describe` may add files to it; `weights` are given where the model holds a part of them.
    Raises ShowhowError when the weights cannot be written.
    """
    try:
        with whole_folder(folder) as beside:
            base.model.save_pretrained(beside, state_dict=weights)
            base.tokenizer.save_pretrained(beside)
            if describe is not None:
                describe(beside)
    except SafetensorError as problem:
        reason = refusal(problem) or f"{problem}. Start again; what was done is kept."
        raise ShowhowError(f"The model could not be written to {folder}. {reason}") from problem
