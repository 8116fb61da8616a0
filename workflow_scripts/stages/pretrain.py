"""Make a model of the local ladder: random weights, then pretraining on the corpus."""

from showhow.jobs.options import ComputingOptions, Machine, Reads, Resumable, Writes
from showhow.training.tracking import LOG
from pydantic import Field
from pathlib import Path
from pathlib import Path
from typing import Annotated

import torch
import typer

from showhow.base.hashing import content_hash
from showhow.base.rows import read_jsonl
from showhow.jobs.attempts import read_attempts
from showhow.jobs.devices import take_gpus
from showhow.jobs.stage import (
    CHECKPOINT_SECONDS,
    CHECKPOINTS,
    CheckpointSecondsOption,
    CheckpointsOption,
    CodeOption,
    GpusOption,
    LogOption,
    TrackersOption,
    Work,
    run_stage,
)
from showhow.jobs.unfinished import unfinished_work
from showhow.models.ladder import new_model, write_model_card
from showhow.models.loading import Base, save_base
from showhow.models.prompts import text_format
from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.base_models import LadderModel
from showhow.recipes.training import PretrainingRecipe
from showhow.training.examples import Examples, tokenise, tokenise_texts
from showhow.training.tracking import Tracking
from showhow.training.trainer import train

RANDOM = "Its weights are random."


class Options(ComputingOptions, Resumable):
    """What this stage is told."""

    corpus: Reads = Field(description="The exercises to train on.")
    output: Writes = Field(description="The model folder to write.")
    log: Machine[Path | None] = Field(None, description=LOG)
    name: str = Field(description="The base model's name, for its card.")
    description: LadderModel
    recipe: PretrainingRecipe


def pretrain(
    name: Annotated[str, typer.Option(help="The base model's name, for its card.")],
    description: Annotated[str, typer.Option(help="The model's description, as JSON.")],
    recipe: Annotated[str, typer.Option(help="The pretraining recipe, as JSON.")],
    corpus: Annotated[Path, typer.Option(help="The exercises to train on.")],
    output: Annotated[Path, typer.Option(help="The model folder to write.")],
    threads: Annotated[int, typer.Option(help="Threads of the computation.")] = 1,
    gpus: GpusOption = 0,
    code: CodeOption = "",
    checkpoints: CheckpointsOption = CHECKPOINTS,
    checkpoint_seconds: CheckpointSecondsOption = CHECKPOINT_SECONDS,
    log: LogOption = None,
    trackers: TrackersOption = (),
) -> Work:
    take_gpus(gpus)
    torch.set_num_threads(threads)
    model_description = LadderModel.model_validate_json(description)
    chosen = PretrainingRecipe.model_validate_json(recipe)
    tokenizer = ladder_tokenizer(model_description.tokenizer)
    model = new_model(model_description, tokenizer, chosen.seed)
    encoder_decoder = model_description.family == "t5"
    base = Base(model, tokenizer, encoder_decoder, text_format(tokenizer, encoder_decoder, False))
    if model_description.start == "random":
        save_base(base, output, lambda card: write_model_card(card, name, model, RANDOM))
        return Work()
    examples = corpus_examples(base, read_jsonl(corpus))
    determined_by = {
        "name": name,
        "description": model_description.model_dump(mode="json"),
        "recipe": chosen.model_dump(mode="json"),
        "corpus": content_hash(corpus),
        "threads": threads,
        "code": code,
    }
    with unfinished_work(checkpoints, output, determined_by) as kept:
        tracking = Tracking(log, tuple(trackers))
        steps, seed = chosen.steps, chosen.seed
        record = train(base, examples, chosen, steps, seed, kept, checkpoint_seconds, tracking)
        tokens = record.train_tokens
        how_made = f"It was pretrained for {record.steps:,} steps ({tokens:,} tokens) on exercises."
        save_base(base, output, lambda card: write_model_card(card, name, model, how_made))
    return Work(tokens, read_attempts(kept))


def corpus_examples(base: Base, lines: list[dict]) -> Examples:
    """Tokenise a corpus: its exercises, then the plain texts, which have no prompt."""
    exercises = [(line["prompt"], line["response"]) for line in lines if line["prompt"] is not None]
    texts = [line["response"] for line in lines if line["prompt"] is None]
    asked = tokenise(base, exercises).examples if exercises else []
    return Examples(asked + tokenise_texts(base, texts))


if __name__ == "__main__":
    run_stage(pretrain)
