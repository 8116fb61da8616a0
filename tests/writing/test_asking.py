"""What is asked of a writer, what is kept of it, and what is taken for a response."""

import json

import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from showhow.answers.forms import AnswerForm
from showhow.base.errors import ShowhowError
from showhow.recipes.writers import Price, Service
from showhow.responses import load_variant
from showhow.responses.base_variant import Answers
from showhow.responses.writing_templates import TEMPLATES, ending, fields_of
from showhow.tasks.problem import Problem, write_problems
from showhow.writing.asking import Question, settle
from showhow.writing.questions import (
    WrittenText,
    answer_alone,
    answer_of,
    first_responses,
    make_questions,
)
from showhow.writing.record import Reply, Request, open_record
from showhow.writing.usage import Purse, usage_of
from stages.ask_model import Options, ask_model

NUMBER = AnswerForm(kind="number")
WRONG, RIGHT = "Final Answer: 0", "Final Answer: 1"


def problem(number: int, answer: str = "1") -> Problem:
    return Problem(f"train-{number:06d}", "train", f"Question {number}", answer, (), {}, "")


def is_right(text: str, answer: str) -> bool:
    return answer_of(text, NUMBER) == answer


class Scripted:
    """A writer whose attempts are right or wrong as a table says; it counts what it is asked."""

    def __init__(self, right: dict[str, list[bool]]):
        self.right = right
        self.asked: list[Request] = []

    def ask_many(self, requests, add) -> None:
        for request in requests:
            self.asked.append(request)
            good = self.right[request.text][request.attempt]
            add(request, Reply(RIGHT if good else WRONG, True, 3, 2))


TABLES = st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=1, max_size=12)


@runs(max_examples=25, deadline=None)
@given(table=TABLES, count=st.integers(1, 12))
def test_as_many_as_wanted_are_right_and_no_more_is_asked_than_that_needs(
    table, count, tmp_path_factory
):
    questions = [Question(str(n), f"q{n}", "1") for n in range(len(table))]
    writer = Scripted({f"q{n}": row for n, row in enumerate(table)})
    path = tmp_path_factory.mktemp("record") / "replies.jsonl"
    with open_record(path) as record:
        outcomes = settle(questions, count, 3, is_right, "w", record, writer.ask_many)
        used = usage_of("w", outcomes, record, Price(prompt=1, completion=2))
    solvable = [any(row) for row in table]
    taken = [outcome.response is not None for outcome in outcomes]
    assert taken == solvable[: len(outcomes)]
    assert sum(taken) == min(count, sum(solvable))
    assert len(outcomes) == len(table) or (sum(taken) == count and taken[-1])
    attempts = [row.index(True) + 1 if any(row) else 3 for row in table[: len(outcomes)]]
    assert [len(outcome.requests) for outcome in outcomes] == attempts
    assert len(writer.asked) == len(set(writer.asked)) == sum(attempts) == used.requests
    assert used.cost == pytest.approx(sum(attempts) * 7 / 1e6, abs=1e-6)
    again = Scripted({})
    with open_record(path) as record:
        assert settle(questions, count, 3, is_right, "w", record, again.ask_many) == outcomes
    assert again.asked == []


@runs(max_examples=25, deadline=None)
@given(cut=st.integers(0, 400), texts=st.lists(st.text(), min_size=1, max_size=4, unique=True))
def test_whole_lines_survive_whatever_is_cut_off_behind_them(cut, texts, tmp_path_factory):
    path = tmp_path_factory.mktemp("record") / "replies.jsonl"
    requests = [Request("w", text, 0) for text in texts]
    with open_record(path) as record:
        for request in requests:
            record.add(request, Reply(request.text, True, 1, 1))
    content = path.read_bytes()
    path.write_bytes(content[: max(0, len(content) - cut)])
    whole = path.read_bytes().count(b"\n")
    with open_record(path) as record:
        kept = [record.of(request) is not None for request in requests]
        assert kept == [index < whole for index in range(len(requests))]
        record.add(Request("w", "another", 7), Reply("", True, 1, 1))
    with open_record(path) as record:
        assert len(record.all_replies()) == whole + 1


def test_a_record_that_somebody_changed_is_told(tmp_path):
    path = tmp_path / "replies.jsonl"
    with open_record(path) as record:
        record.add(Request("w", "q", 0), Reply("r", True, 1, 1))
    path.write_text("what?\n" + path.read_text())
    with pytest.raises(ShowhowError, match=r"line 1, is no reply of a writer"), open_record(path):
        pass


@pytest.mark.parametrize("form", [None, NUMBER, AnswerForm(kind="number", marker=None)])
@pytest.mark.parametrize("manner", [*TEMPLATES, "minimally_changed"])
def test_every_manner_says_how_a_response_has_to_end_so_that_its_answer_is_read(manner, form):
    kind = "minimally_changed" if manner == "minimally_changed" else "written"
    own = {} if kind == "minimally_changed" else {"manner": manner}
    variant = load_variant(kind)
    template = variant.template(variant.Settings(writer="w", **own))
    [question] = make_questions(
        template, [problem(1)], {"train-000001": "{so} 1"}, {"train-000001": "it is 2"}, form
    )
    assert "Question 1" in question.request and ending(form) in question.request
    assert ("{so} 1" in question.request) == ("reference" in fields_of(template))
    assert ("it is 2" in question.request) == (kind == "minimally_changed")
    alone = answer_alone(problem(1), form)
    assert answer_of(alone.response, form) == "1"


def test_what_the_base_answered_rightly_is_kept_and_nobody_is_asked():
    answers = {"train-000000": RIGHT, "train-000001": WRONG}
    variant = load_variant("minimally_changed")
    template = variant.template(variant.Settings(writer="w"))
    right, wrong = make_questions(template, [problem(0), problem(1)], {}, answers, NUMBER)
    assert (right.own, wrong.own) == (RIGHT, None)
    assert WRONG in wrong.request and "The right answer is: 1" in wrong.request


@pytest.mark.parametrize(
    ("template", "said"),
    [("{question} {colour}", "the field {colour}"), ("{question", "has a brace")],
)
def test_a_template_with_other_fields_is_told(template, said):
    with pytest.raises(ShowhowError, match=said):
        fields_of(template)


def test_a_template_that_needs_what_is_not_there_is_told():
    with pytest.raises(ShowhowError, match=r"names \{reference\}, but the problem train-000000"):
        make_questions(TEMPLATES["own_words"], [problem(0)], {}, {}, NUMBER)


def test_the_first_right_responses_are_taken_and_those_left_out_counted():
    problems = [problem(number) for number in range(5)]
    said = [None, "a", None, "b", "c"]
    texts = {p.id: WrittenText(p.id, text, 1) for p, text in zip(problems, said, strict=True)}
    responses, left_out = first_responses(problems, texts, 2)
    assert [response.response for response in responses] == ["a", "b"]
    assert left_out == 2
    with pytest.raises(ShowhowError, match="Of 5 training problems 3 got a right response, and 4"):
        first_responses(problems, texts, 4)


@runs(max_examples=25, deadline=None)
@given(budget=st.floats(0.001, 1), sent=st.lists(st.integers(1, 500), max_size=30))
def test_no_budget_is_exceeded_whatever_comes_back(budget, sent):
    purse = Purse(Service(price={"prompt": 100, "completion": 300}, budget=budget), [])
    for tokens in sent:
        request = Request("w", "x" * tokens, 0)
        try:
            aside = purse.set_aside(request, 40)
        except ShowhowError as error:
            assert "is used up" in str(error)
            continue
        purse.settle(aside, Reply("", True, tokens + 64, 40))
        assert purse.spent <= budget * (1 + 1e-9)


def test_a_model_of_this_machine_writes_and_goes_on_where_it_was(coin, tmp_path):
    problems = [problem(number, "AB"[number % 2]) for number in range(12)]
    write_problems(tmp_path / "problems.jsonl", problems)
    answers = [Answers(p.id, p.answer if p is problems[0] else "", ()) for p in problems]
    rows = [{"id": a.id, "greedy": a.greedy, "samples": []} for a in answers]
    (tmp_path / "answers.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    def ask(output, count):
        options = Options(
            writer_name="coin",
            writer={"kind": "model", "model": "coin", "temperature": 1.0, "max_new_tokens": 6},
            base=coin,
            template="{question} {base_answer}",
            problems=tmp_path / "problems.jsonl",
            answers=tmp_path / "answers.jsonl",
            count=count,
            attempts=4,
            record=tmp_path / "written.jsonl",
            output=tmp_path / output,
            usage=tmp_path / "usage.json",
            answer_form={"kind": "choice", "choices": "AB", "marker": None},
        )
        ask_model(options)
        return [json.loads(line) for line in (tmp_path / output).read_text().splitlines()]

    first = ask("first.jsonl", 3)
    paid = (tmp_path / "written.jsonl").read_bytes()
    whole = ask("whole.jsonl", 12)
    assert whole[: len(first)] == first
    assert (tmp_path / "written.jsonl").read_bytes().startswith(paid)
    assert whole[0] == {"id": problems[0].id, "response": "A", "requests": 0}
    for row, one in zip(whole, problems, strict=True):
        assert row["response"] is None or row["response"].split()[-1] == one.answer
    assert sum(row["response"] is not None for row in whole) >= 3
