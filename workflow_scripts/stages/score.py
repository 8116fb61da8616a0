"""Score a run's predictions: every answer, every step, every kind of error."""

from itertools import chain

from pydantic import Field

from showhow.answers.forms import AnswerForm
from showhow.base.rows import write_json, write_jsonl
from showhow.evaluation.scoring import Answer, score_split, summarise
from showhow.jobs.options import Reads, Resumable, Writes
from showhow.jobs.stage import run_stage
from showhow.jobs.unfinished import forget_work_on
from showhow.responses.response import Response
from showhow.tasks.problem import read_problems, read_rows_for


class Options(Resumable):
    problems: list[Reads] = Field(description="Each split's problems.")
    responses: list[Reads] = Field(description="Each split's reference responses.")
    predictions: Reads = Field(description="The predictions of all splits.")
    items: Writes = Field(description="Where the score of each problem goes.")
    output: Writes = Field(description="Where the scores of each split go.")
    answer_form: AnswerForm | None = Field(None, description="How answers stand in free text.")


def score(options: Options) -> None:
    forget_work_on(options.checkpoints, options.predictions)
    asked = {path.stem: read_problems(path) for path in options.problems}
    everything = [*chain(*asked.values())]
    answers = {row.id: row for row in read_rows_for(everything, options.predictions, Answer)}
    scored = {}
    for (split, members), path in zip(asked.items(), options.responses, strict=True):
        written = read_rows_for(members, path, Response)
        answered = [answers[problem.id] for problem in members]
        scored[split] = score_split(split, members, written, answered, options.answer_form)
    write_jsonl(options.items, chain(*scored.values()))
    summaries = {split: summarise(members) for split, members in scored.items()}
    write_json(options.output, {"splits": summaries})


if __name__ == "__main__":
    run_stage(score, Options)
