"""Write the synthetic corpus on which the ladder is pretrained."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from showhow.artifacts import write_jsonl
from showhow.models.corpus import corpus
from showhow.workflow.recipes import CorpusRecipe
from showhow.workflow.stage import run_stage


def write_corpus(
    recipe: Annotated[str, typer.Option(help="The corpus recipe, as JSON.")],
    output: Annotated[Path, typer.Option(help="Where the exercises go, one a line.")],
) -> None:
    chosen = CorpusRecipe.model_validate_json(recipe)
    lines = corpus(chosen.examples, chosen.seed, chosen.skills)
    write_jsonl(output, [asdict(line) for line in lines])


if __name__ == "__main__":
    run_stage(write_corpus)
