"""Take the responses that a writer wrote to as many training problems as a run needs.

To the problems of an evaluation split nobody is asked: the reference's responses stand there, or
the answer alone.
"""

from dataclasses import dataclass

from pydantic import Field

from showhow.answers.forms import AnswerForm
from showhow.base.rows import read_rows, write_json
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.responses.response import Response, read_responses, write_responses
from showhow.tasks.problem import Problem, read_problems
from showhow.writing.questions import WrittenText, answer_alone, first_responses


@dataclass(frozen=True)
class TakenRecord:
    """left_out: problems without a right response, up to the last that was taken."""

    written: int
    left_out: int


class Options(StageOptions):
    problems: Reads = Field(description="The problems of the responses.")
    written: Reads | None = Field(None, description="What the writer wrote.")
    references: Reads | None = Field(None, description="Responses of an evaluation split.")
    output: Writes = Field(description="Where the responses go, one a line.")
    record: Writes = Field(description="Where it goes how many were left out.")
    count: int = Field(description="How many responses there are to be.")
    answer_form: AnswerForm | None = Field(None, description="How answers stand in free text.")


def take_written_responses(options: Options) -> None:
    asked = read_problems(options.problems)
    if options.written is None:
        responses, left_out = _evaluated(asked[: options.count], options), 0
    else:
        texts = {row.id: row for row in read_rows(options.written, WrittenText)}
        responses, left_out = first_responses(asked, texts, options.count)
    write_responses(options.output, responses)
    write_json(options.record, TakenRecord(len(responses), left_out))


def _evaluated(problems: list[Problem], options: Options) -> list[Response]:
    if options.references is not None:
        return read_responses(options.references)
    return [answer_alone(problem, options.answer_form) for problem in problems]


if __name__ == "__main__":
    run_stage(take_written_responses, Options)
