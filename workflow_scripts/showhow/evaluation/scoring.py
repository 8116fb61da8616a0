"""Scoring what a model wrote: answers, steps, and what kind of error it made."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from showhow.answers.forms import AnswerForm
from showhow.answers.parsing import one_line, parse_answer, parse_steps
from showhow.evaluation.prediction import Prediction
from showhow.responses.response import Response
from showhow.tasks.problem import Problem
from showhow.tasks.voices import every_wording

OUTCOMES = (
    "correct",
    "correct_despite_wrong_step",
    "answer_not_from_steps",
    "wrong_step",
    "missing_or_extra_steps",
    "wrong_answer",
    "answer_of_other_type",
    "unparseable",
    "truncated",
)


@dataclass(frozen=True)
class Reference:
    """What a response should have been: its answer, its steps, and where the answer stands.

    wordings: for each step all sentences that say it, where there are several; else nothing.
    form: how the answer stands in a free text; None where it is worded as this project's tasks do.
    aliases: other answers that are as right. of_its_type: answers to questions of the same
    relation, None where questions have none: what is no such answer is one of another type.
    """

    answer: str
    steps: tuple[str, ...]
    answer_position: str
    groups: dict[str, int | str]
    wordings: tuple[set[str], ...] = ()
    form: AnswerForm | None = None
    aliases: tuple[str, ...] = ()
    of_its_type: frozenset[str] | None = None

    @property
    def answers(self) -> tuple[str, ...]:
        """Give all answers that are right."""
        return (self.answer, *self.aliases)


@dataclass(frozen=True)
class ItemScore:
    """The score of one problem; the columns of items.jsonl."""

    split: str
    id: str
    correct: bool
    last_character_correct: bool
    outcome: str
    truncated: bool
    steps_expected: int
    steps_generated: int
    steps_correct: int
    answer: str
    predicted: str | None
    groups: dict[str, int | str]


@dataclass(frozen=True)
class Answer:
    """What is scored of a prediction: the columns of predictions.jsonl that count."""

    id: str
    prediction: str
    truncated: bool


@dataclass(frozen=True)
class SplitScore:
    """The scores of one split; intervals are added in the tables."""

    n_test: int
    n_correct: int
    accuracy: float
    last_character_accuracy: float
    step_accuracy: float | None
    truncated: int
    unparseable: int
    outcomes: dict[str, int]


def score_item(
    split: str,
    id: str,
    text: str,
    truncated: bool,
    reference: Reference,
    right: bool | None = None,
) -> ItemScore:
    """Score one prediction. A truncated one is never correct: its answer may be half a number.

    right: whether its answer is right, where that is known already.

    Only where an answer just has to stand in the text can it stand in one that was cut off.

    `last_character_correct` compares the last characters alone, as the paper's public code does.
    """
    predicted = _predicted(text, reference)
    expected = tuple(one_line(step) for step in reference.steps)
    generated = worded_alike(parse_steps(text, reference.answer_position), expected, reference)
    steps_correct = sum(wanted == got for wanted, got in zip(expected, generated, strict=False))
    contained = reference.form is not None and reference.form.kind == "containing"
    if right is None:
        right = _is_one_of(predicted, reference.answers, reference)
    correct = (contained or not truncated) and right
    return ItemScore(
        split=split,
        id=id,
        correct=correct,
        last_character_correct=one_line(text)[-1:] == reference.answer[-1:],
        outcome=_outcome(correct, truncated, predicted, expected, generated, reference),
        truncated=truncated,
        steps_expected=len(expected),
        steps_generated=len(generated),
        steps_correct=steps_correct,
        answer=reference.answer,
        predicted=predicted,
        groups=reference.groups,
    )


def score_split(
    split: str,
    problems: list[Problem],
    responses: list[Response],
    answers: Sequence[Answer | Prediction],
    form: AnswerForm | None = None,
) -> list[ItemScore]:
    """Score the answers to a split's problems against the responses; all three in one order."""
    types = _answers_of_relations(problems)
    references = [
        Reference(
            response.answer,
            response.steps,
            response.answer_position,
            problem.groups,
            tuple(map(set, response.wordings)) or tuple(map(every_wording, problem.steps)),
            form,
            problem.aliases,
            types.get(problem.groups.get("relation")),
        )
        for problem, response in zip(problems, responses, strict=True)
    ]
    known = _which_pass(answers, references) if form and form.kind == "program" else None
    return [
        score_item(split, answer.id, answer.prediction, answer.truncated, reference, right)
        for answer, reference, right in zip(
            answers, references, known or [None] * len(references), strict=True
        )
    ]


def _which_pass(
    answers: Sequence[Answer | Prediction], references: Sequence[Reference]
) -> list[bool]:
    """Run the programs of a split together; one that was cut off is wrong, and is not run."""
    forms = [reference.form for reference in references if reference.form]
    read = [
        (None if answer.truncated else _predicted(answer.prediction, reference), reference.answers)
        for answer, reference in zip(answers, references, strict=True)
    ]
    return forms[0].are_right(read) if forms else []


def _answers_of_relations(problems: list[Problem]) -> dict[int | str | None, frozenset[str]]:
    """Give the answers that a split has to questions of each relation, where it has relations."""
    types: dict[int | str | None, set[str]] = defaultdict(set)
    for problem in problems:
        if "relation" in problem.groups:
            types[problem.groups["relation"]].update((problem.answer, *problem.aliases))
    return {relation: frozenset(answers) for relation, answers in types.items()}


def _predicted(text: str, reference: Reference) -> str | None:
    if reference.form is None:
        return parse_answer(text, reference.answer_position)
    return reference.form.read(text, alone=reference.answer_position == "alone")


def _is_one_of(predicted: str | None, answers: Iterable[str], reference: Reference) -> bool:
    if predicted is None or reference.form is None:
        return predicted is not None and predicted in answers
    return reference.form.is_right(predicted, answers)


def worded_alike(
    generated: tuple[str, ...], expected: tuple[str, ...], reference: Reference
) -> tuple[str, ...]:
    """Put the expected sentence for each that says the same step in other words."""
    places = zip(generated, expected, reference.wordings, strict=False)
    alike = tuple(want if got in ways and want in ways else got for got, want, ways in places)
    return alike + generated[len(alike) :]


def _outcome(
    correct: bool,
    truncated: bool,
    predicted: str | None,
    expected: tuple[str, ...],
    generated: tuple[str, ...],
    reference: Reference,
) -> str:
    if truncated and not correct:
        return "truncated"
    if predicted is None:
        return "unparseable"
    if not expected and not correct:
        known = reference.of_its_type
        of_type = known is None or _is_one_of(predicted, known, reference)
        return "wrong_answer" if of_type else "answer_of_other_type"
    if not expected:
        return "correct"
    if correct:
        return "correct" if generated == expected else "correct_despite_wrong_step"
    if generated == expected:
        return "answer_not_from_steps"
    if any(w != g for w, g in zip(expected, generated, strict=False)):
        return "wrong_step"
    return "missing_or_extra_steps"


def summarise(items: list[ItemScore]) -> SplitScore:
    """Sum up the items of one split. `step_accuracy` is None where no steps are expected."""
    n_correct = sum(item.correct for item in items)
    expected = sum(item.steps_expected for item in items)
    counts = Counter(item.outcome for item in items)
    return SplitScore(
        n_test=len(items),
        n_correct=n_correct,
        accuracy=n_correct / len(items),
        last_character_accuracy=sum(item.last_character_correct for item in items) / len(items),
        step_accuracy=sum(i.steps_correct for i in items) / expected if expected else None,
        truncated=counts["truncated"],
        unparseable=counts["unparseable"],
        outcomes={outcome: counts[outcome] for outcome in OUTCOMES},
    )
