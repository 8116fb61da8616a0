"""Score a run's predictions: every answer, every step, every kind of error."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from showhow.artifacts import read_jsonl, write_json, write_jsonl
from showhow.evaluation.scoring import Reference, score_item, summarise
from showhow.responses.response import read_responses
from showhow.tasks.problem import read_problems
from showhow.workflow.stage import run_stage


def score(
    problems: Annotated[list[Path], typer.Option(help="Each split's problems.")],
    responses: Annotated[list[Path], typer.Option(help="Each split's reference responses.")],
    predictions: Annotated[list[Path], typer.Option(help="Each split's predictions.")],
    items: Annotated[Path, typer.Option(help="Where the score of each problem goes.")],
    output: Annotated[Path, typer.Option(help="Where the scores of each split go.")],
) -> None:
    scored = {}
    for paths in zip(problems, responses, predictions, strict=True):
        split = paths[0].stem
        scored[split] = [
            score_item(
                split,
                prediction["id"],
                prediction["prediction"],
                prediction["truncated"],
                Reference(response.answer, response.steps, response.answer_position, item.groups),
            )
            for item, response, prediction in zip(
                read_problems(paths[0]), read_responses(paths[1]), read_jsonl(paths[2]), strict=True
            )
        ]
    write_jsonl(items, [asdict(item) for split in scored.values() for item in split])
    summaries = {split: asdict(summarise(members)) for split, members in scored.items()}
    write_json(output, {"splits": summaries})


if __name__ == "__main__":
    run_stage(score)
