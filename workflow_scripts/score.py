"""Score a run's predictions: every answer, every step, every kind of error."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from showhow.artifacts import write_json, write_jsonl
from showhow.evaluation.scoring import Answer, Reference, score_item, summarise
from showhow.responses.response import Response
from showhow.tasks.problem import read_problems, read_rows_for
from showhow.tasks.voices import every_wording
from showhow.unfinished import forget_work_on
from showhow.workflow.stage import CHECKPOINTS, CheckpointsOption, run_stage


def score(
    problems: Annotated[list[Path], typer.Option(help="Each split's problems.")],
    responses: Annotated[list[Path], typer.Option(help="Each split's reference responses.")],
    predictions: Annotated[list[Path], typer.Option(help="Each split's predictions.")],
    items: Annotated[Path, typer.Option(help="Where the score of each problem goes.")],
    output: Annotated[Path, typer.Option(help="Where the scores of each split go.")],
    checkpoints: CheckpointsOption = CHECKPOINTS,
) -> None:
    for path in predictions:
        forget_work_on(checkpoints, path)
    scored = {}
    for paths in zip(problems, responses, predictions, strict=True):
        split = paths[0].stem
        asked = read_problems(paths[0])
        written = read_rows_for(asked, paths[1], Response)
        answered = read_rows_for(asked, paths[2], Answer)
        scored[split] = [
            score_item(
                split,
                answer.id,
                answer.prediction,
                answer.truncated,
                Reference(
                    response.answer,
                    response.steps,
                    response.answer_position,
                    item.groups,
                    tuple(map(every_wording, item.steps)),
                ),
            )
            for item, response, answer in zip(asked, written, answered, strict=True)
        ]
    write_jsonl(items, [asdict(item) for split in scored.values() for item in split])
    summaries = {split: asdict(summarise(members)) for split, members in scored.items()}
    write_json(output, {"splits": summaries})


if __name__ == "__main__":
    run_stage(score)
