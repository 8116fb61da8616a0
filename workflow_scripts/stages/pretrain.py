"""Make a model of the local ladder: random weights, then pretraining on the corpus."""

from pathlib import Path

from pydantic import Field

from showhow.base.rows import read_jsonl
from showhow.base.surroundings import surroundings
from showhow.jobs.attempts import read_attempts
from showhow.jobs.options import ComputingOptions, Machine, Reads, Resumable, Writes
from showhow.jobs.records import Work
from showhow.jobs.stage import run_stage
from showhow.jobs.unfinished import unfinished_work
from showhow.models.ladder import new_model, write_model_card
from showhow.models.loading import Base, save_base
from showhow.models.prompts import text_format
from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.base_models import LadderModel
from showhow.recipes.training import PretrainingRecipe
from showhow.training.examples import Example, tokenise, tokenise_texts
from showhow.training.tracking import LOG, Tracking
from showhow.training.trainer import train

RANDOM = "Its weights are random."


class Options(ComputingOptions, Resumable):
    corpus: Reads = Field(description="The exercises to train on.")
    output: Writes = Field(description="The model folder to write.")
    log: Machine[Path | None] = Field(None, description=LOG)
    name: str = Field(description="The base model's name, for its card.")
    description: LadderModel
    recipe: PretrainingRecipe


def pretrain(options: Options) -> Work:
    described, chosen = options.description, options.recipe
    tokenizer = ladder_tokenizer(described.tokenizer)
    model = new_model(described, tokenizer, chosen.seed)
    encoder_decoder = described.family == "t5"
    base = Base(model, tokenizer, encoder_decoder, text_format(tokenizer, encoder_decoder, False))

    def save(how_made: str) -> None:
        save_base(
            base, options.output, lambda card: write_model_card(card, options.name, model, how_made)
        )

    if described.start == "random":
        save(RANDOM)
        return Work()
    examples = corpus_examples(base, read_jsonl(options.corpus))
    with unfinished_work(options.checkpoints, options.output, options.determined_by()) as kept:
        around = surroundings()
        record = train(
            base,
            examples,
            chosen,
            chosen.steps,
            chosen.seed,
            kept,
            around.checkpoint_seconds,
            Tracking(options.log, around.trackers),
        )
        tokens = record.train_tokens
        save(f"It was pretrained for {record.steps:,} steps ({tokens:,} tokens) on exercises.")
    return Work(tokens, read_attempts(kept))


def corpus_examples(base: Base, lines: list[dict]) -> list[Example]:
    """Tokenise a corpus: its exercises, then the plain texts, which have no prompt."""
    exercises = [(line["prompt"], line["response"]) for line in lines if line["prompt"] is not None]
    texts = [line["response"] for line in lines if line["prompt"] is None]
    asked = tokenise(base, exercises) if exercises else []
    return asked + tokenise_texts(base, texts)


if __name__ == "__main__":
    run_stage(pretrain, Options)
