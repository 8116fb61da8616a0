"""Score a run's predictions: every answer, every step, every kind of error."""

from showhow.jobs.options import Reads, Resumable, StageOptions, Writes
from pydantic import Field
from showhow.answers.forms import AnswerForm
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from showhow.answers.forms import AnswerForm
from showhow.base.rows import write_json, write_jsonl
from showhow.evaluation.scoring import Answer, score_split, summarise
from showhow.jobs.stage import CHECKPOINTS, CheckpointsOption, run_stage
from showhow.jobs.unfinished import forget_work_on
from showhow.responses.response import Response
from showhow.tasks.problem import read_problems, read_rows_for


class Options(Resumable):
    """What this stage is told."""

    problems: list[Reads] = Field(description="Each split's problems.")
    responses: list[Reads] = Field(description="Each split's reference responses.")
    predictions: Reads = Field(description="The predictions of all splits.")
    items: Writes = Field(description="Where the score of each problem goes.")
    output: Writes = Field(description="Where the scores of each split go.")
    answer_form: AnswerForm | None = Field(None, description="How answers stand in free text.")


def score(
    problems: Annotated[list[Path], typer.Option(help="Each split's problems.")],
    responses: Annotated[list[Path], typer.Option(help="Each split's reference responses.")],
    predictions: Annotated[Path, typer.Option(help="The predictions of all splits.")],
    items: Annotated[Path, typer.Option(help="Where the score of each problem goes.")],
    output: Annotated[Path, typer.Option(help="Where the scores of each split go.")],
    answer_form: Annotated[
        str | None, typer.Option(help="How answers stand in free text, as JSON.")
    ] = None,
    checkpoints: CheckpointsOption = CHECKPOINTS,
) -> None:
    forget_work_on(checkpoints, predictions)
    form = AnswerForm.model_validate_json(answer_form) if answer_form else None
    asked = {path.stem: read_problems(path) for path in problems}
    answers = {row.id: row for row in read_rows_for([*chain(*asked.values())], predictions, Answer)}
    scored = {}
    for (split, members), path in zip(asked.items(), responses, strict=True):
        written = read_rows_for(members, path, Response)
        answered = [answers[problem.id] for problem in members]
        scored[split] = score_split(split, members, written, answered, form)
    write_jsonl(items, [asdict(item) for split in scored.values() for item in split])
    summaries = {split: asdict(summarise(members)) for split, members in scored.items()}
    write_json(output, {"splits": summaries})


if __name__ == "__main__":
    run_stage(score)
