"""Make a model of the local ladder: random weights, then pretraining on the corpus."""

import tempfile
from pathlib import Path
from typing import Annotated

import torch
import typer

from showhow.artifacts import read_jsonl, whole_folder
from showhow.models.ladder import new_model, write_model_card
from showhow.models.loading import Base
from showhow.models.prompts import text_format
from showhow.models.tokenizer import ladder_tokenizer
from showhow.training.examples import tokenise
from showhow.training.trainer import train
from showhow.workflow.recipes import LadderModel, PretrainingRecipe
from showhow.workflow.stage import run_stage


def pretrain(
    name: Annotated[str, typer.Option(help="The base model's name, for its card.")],
    description: Annotated[str, typer.Option(help="The model's description, as JSON.")],
    recipe: Annotated[str, typer.Option(help="The pretraining recipe, as JSON.")],
    corpus: Annotated[Path, typer.Option(help="The exercises to train on.")],
    output: Annotated[Path, typer.Option(help="The model folder to write.")],
    threads: Annotated[int, typer.Option(help="Threads of the computation.")] = 1,
) -> int:
    torch.set_num_threads(threads)
    model_description = LadderModel.model_validate_json(description)
    chosen = PretrainingRecipe.model_validate_json(recipe)
    tokenizer = ladder_tokenizer()
    model = new_model(model_description, tokenizer, chosen.seed)
    encoder_decoder = model_description.family == "t5"
    base = Base(model, tokenizer, encoder_decoder, text_format(tokenizer, encoder_decoder, False))
    tokens, how_made = 0, "Its weights are random."
    if model_description.start == "pretrained":
        exercises = [(line["prompt"], line["response"]) for line in read_jsonl(corpus)]
        with tempfile.TemporaryDirectory() as folder:
            examples = tokenise(base, exercises)
            record = train(base, examples, chosen, chosen.steps, chosen.seed, Path(folder))
        tokens = record.train_tokens
        how_made = f"It was pretrained for {record.steps:,} steps ({tokens:,} tokens) on exercises."
    with whole_folder(output) as folder:
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        write_model_card(folder, name, model, how_made)
    return tokens


if __name__ == "__main__":
    run_stage(pretrain)
