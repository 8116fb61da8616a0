"""From problems to what a writer is asked, and from what it wrote to responses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from showhow.answers.forms import AnswerForm
from showhow.answers.parsing import FINAL_ANSWER, parse_answer
from showhow.base.errors import ShowhowError
from showhow.responses.response import Response
from showhow.responses.writing_templates import ending, fields_of
from showhow.tasks.problem import Problem
from showhow.writing.asking import Question


@dataclass(frozen=True)
class WrittenText:
    """A line of a file of written texts. response: None where no attempt was right."""

    id: str
    response: str | None
    requests: int


def answer_of(text: str, form: AnswerForm | None) -> str | None:
    """Read the answer that a response ends in; without a form, as this project's tasks word it."""
    return parse_answer(text, "last") if form is None else form.read(text)


def answers_alike(text: str, answer: str, form: AnswerForm | None) -> bool:
    """Say whether a response ends in an answer, or for kind math in one of the same value."""
    read = answer_of(text, form)
    if form is None or form.kind != "math":
        return read == answer
    return read is not None and form.is_right(read, [answer])


def make_questions(
    template: str,
    problems: Sequence[Problem],
    references: Mapping[str, str],
    base_answers: Mapping[str, str],
    form: AnswerForm | None,
) -> list[Question]:
    """Put each problem into the template.

    references, base_answers: by the problem's id. A base's own answer that is right is kept as it
    is. Raises ShowhowError where the template asks for what is not there.
    """
    needed = fields_of(template)
    questions = []
    for problem in problems:
        own = base_answers.get(problem.id)
        values = {
            "question": problem.prompt,
            "reference": references.get(problem.id),
            "answer": problem.answer,
            "base_answer": own,
            "ending": ending(form),
        }
        absent = sorted(field for field in needed if values[field] is None)
        if absent:
            raise ShowhowError(
                f"What the writer is told names {{{absent[0]}}}, but the problem {problem.id} has "
                "none; give the variant a `reference` with responses to the training problems, or "
                "another template."
            )
        right = own is not None and answers_alike(own, problem.answer, form)
        questions.append(
            Question(
                problem.id, template.format_map(values), problem.answer, own if right else None
            )
        )
    return questions


def first_responses(
    problems: Sequence[Problem], texts: Mapping[str, WrittenText], count: int
) -> tuple[list[Response], int]:
    """Give the first `count` written responses, and how many problems were left out before.

    Raises ShowhowError where there are fewer.
    """
    asked = [problem for problem in problems if problem.id in texts]
    written = [
        Response(problem.id, problem.prompt, text, problem.answer, (), "last")
        for problem in asked
        if (text := texts[problem.id].response) is not None
    ]
    if len(written) < count:
        raise ShowhowError(
            f"Of {len(asked)} training problems {len(written)} got a right response, and {count} "
            "are needed. Raise the variant's attempts or spare_share, take another writer, or ask "
            "for fewer training examples."
        )
    last = written[count - 1].id
    until = [problem.id for problem in asked].index(last) + 1
    return written[:count], until - count


def answer_alone(problem: Problem, form: AnswerForm | None) -> Response:
    """Give the shortest response that ends in the answer, for problems that nobody is asked."""
    marker = FINAL_ANSWER if form is None else form.marker or ""
    text = f"{marker} {problem.answer}".strip()
    return Response(problem.id, problem.prompt, text, problem.answer, (), "last")
