"""What the scripts that ask a writer have in common: their options, what they read and write."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import typer

from showhow.answers.forms import AnswerForm
from showhow.base.rows import read_rows, write_jsonl
from showhow.responses.base_variant import Answers
from showhow.responses.response import read_responses
from showhow.tasks.problem import read_problems
from showhow.writing.asking import Outcome, Question
from showhow.writing.questions import answer_of, make_questions

WriterNameOption = Annotated[str, typer.Option(help="The writer's name in the configuration.")]
WriterOption = Annotated[str, typer.Option(help="The writer, as JSON.")]
TemplateOption = Annotated[str, typer.Option(help="What the writer is told, with its fields.")]
ProblemsOption = Annotated[Path, typer.Option(help="The training problems that may be asked.")]
CountOption = Annotated[int, typer.Option(help="How many right responses there are to be.", min=1)]
AttemptsOption = Annotated[int, typer.Option(help="How often a problem is asked.", min=1)]
RecordOption = Annotated[Path, typer.Option(help="The file of all replies, which is added to.")]
WrittenOption = Annotated[Path, typer.Option(help="Where the texts go, one a line.")]
UsageOption = Annotated[Path, typer.Option(help="Where requests, tokens and cost go.")]
ReferencesOption = Annotated[
    Path | None, typer.Option(help="Responses to these problems that the writer starts from.")
]
AnswersOption = Annotated[Path | None, typer.Option(help="What the base answered to them.")]
FormOption = Annotated[str | None, typer.Option(help="How answers stand in free text, as JSON.")]


def form_of(answer_form: str | None) -> AnswerForm | None:
    """Read the option of that name."""
    return AnswerForm.model_validate_json(answer_form) if answer_form else None


def checker(answer_form: str | None) -> Callable[[str, str], bool]:
    """Give the check whether a text ends in an answer."""
    form = form_of(answer_form)
    return lambda text, answer: answer_of(text, form) == answer


def questions_from(
    template: str,
    problems: Path,
    references: Path | None,
    answers: Path | None,
    answer_form: str | None,
) -> list[Question]:
    """Read what the writer is to be asked."""
    given = read_responses(references) if references else []
    answered = read_rows(answers, Answers) if answers else []
    return make_questions(
        template,
        read_problems(problems),
        {row.id: row.response for row in given},
        {row.id: row.greedy for row in answered},
        form_of(answer_form),
    )


def write_outcomes(path: Path, outcomes: Sequence[Outcome]) -> None:
    """Write one problem that was asked a line, its response null where none was right."""
    rows = [
        {"id": each.id, "response": each.response, "requests": len(each.requests)}
        for each in outcomes
    ]
    write_jsonl(path, rows)
