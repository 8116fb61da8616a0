"""What the scripts that ask a writer have in common: their options, what they read and write."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import Field

from showhow.answers.forms import AnswerForm
from showhow.base.rows import read_rows, write_jsonl
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.responses.base_variant import Answers
from showhow.responses.response import read_responses
from showhow.tasks.problem import read_problems
from showhow.writing.asking import Outcome, Question
from showhow.writing.questions import answers_alike, make_questions


class WritingOptions(StageOptions):
    """What a stage that asks a writer is told."""

    problems: Reads = Field(description="The training problems that may be asked.")
    references: Reads | None = Field(
        None, description="Responses to these problems that the writer starts from."
    )
    answers: Reads | None = Field(None, description="What the base answered to them.")
    record: Writes = Field(description="The file of all replies, which is added to.")
    output: Writes = Field(description="Where the texts go, one a line.")
    usage: Writes = Field(description="Where requests, tokens and cost go.")
    writer_name: str = Field(description="The writer's name in the configuration.")
    template: str = Field(description="What the writer is told, with its fields.")
    count: int = Field(ge=1, description="How many right responses there are to be.")
    attempts: int = Field(ge=1, description="How often a problem is asked.")
    answer_form: AnswerForm | None = Field(None, description="How answers stand in free text.")


def checker(form: AnswerForm | None) -> Callable[[str, str], bool]:
    """Give the check whether a text ends in an answer."""
    return lambda text, answer: answers_alike(text, answer, form)


def questions_of(options: WritingOptions) -> list[Question]:
    """Read what the writer is to be asked."""
    given = read_responses(options.references) if options.references else []
    answered = read_rows(options.answers, Answers) if options.answers else []
    return make_questions(
        options.template,
        read_problems(options.problems),
        {row.id: row.response for row in given},
        {row.id: row.greedy for row in answered},
        options.answer_form,
    )


def write_outcomes(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write one problem that was asked a line, its response null where none was right."""
    rows = [
        {"id": each.id, "response": each.response, "requests": len(each.requests)}
        for each in outcomes
    ]
    write_jsonl(path, rows)
