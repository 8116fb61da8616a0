"""Asking until there are as many right responses as wanted, nothing twice."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from showhow.writing.record import Record, Reply, Request


@dataclass(frozen=True)
class Question:
    """A problem as the writer is asked it. own: a response that is right as it is, so not asked."""

    id: str
    request: str
    answer: str
    own: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a question.

    response: None where no attempt was right. requests: those made for it; none for its own.
    """

    id: str
    response: str | None
    requests: tuple[Request, ...]


AskMany = Callable[[Sequence[Request], Callable[[Request, Reply], None]], None]
"""Makes requests and hands each reply over as soon as it is there."""


def settle(
    questions: Sequence[Question],
    count: int,
    attempts: int,
    is_right: Callable[[str, str], bool],
    writer: str,
    record: Record,
    ask_many: AskMany,
) -> list[Outcome]:
    """Ask in the questions' order until `count` responses are right, or no question is left.

    A response that is not right, by `is_right` of the text and the answer, or not ended is asked
    again until there were so many `attempts`. What is in the record is not asked.
    """
    outcomes: list[Outcome] = []
    left = list(questions)
    while left and (missing := count - sum(each.response is not None for each in outcomes)) > 0:
        wave, left = left[:missing], left[missing:]
        outcomes += _settle_wave(wave, attempts, is_right, writer, record, ask_many)
    return outcomes


def _settle_wave(
    wave: Sequence[Question],
    attempts: int,
    is_right: Callable[[str, str], bool],
    writer: str,
    record: Record,
    ask_many: AskMany,
) -> list[Outcome]:
    right = {question.id: question.own for question in wave if question.own is not None}
    made: dict[str, list[Request]] = {question.id: [] for question in wave}
    for attempt in range(attempts):
        asked = {
            question: Request(writer, question.request, attempt)
            for question in wave
            if question.id not in right
        }
        ask_many([each for each in asked.values() if record.of(each) is None], record.add)
        for question, request in asked.items():
            made[question.id].append(request)
            reply = record.of(request)
            if reply is not None and reply.ended and is_right(reply.text, question.answer):
                right[question.id] = reply.text.strip()
    return [Outcome(each.id, right.get(each.id), tuple(made[each.id])) for each in wave]
