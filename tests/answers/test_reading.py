"""Answers as people and models write them: the tables of cases beside this file, and formatting."""

from pathlib import Path

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from showhow.answers.choices import read_choice
from showhow.answers.forms import AnswerForm

TABLES = Path(__file__).parent
CASES = [
    (kind, row)
    for kind in ("number", "math", "choice", "text")
    for row in yaml.safe_load((TABLES / f"{kind}.yaml").read_text())
]
LABELLED = [
    (kind, row)
    for table in ("labelled", "fresh")
    for kind, rows in yaml.safe_load((TABLES / f"{table}.yaml").read_text()).items()
    for row in rows
]
# Ways of writing a number that change nothing in it.
FORMATS = (
    "{}",
    "{}.",
    "  {}  ",
    "**{}**",
    "*{}*",
    "`{}`",
    "${}$",
    "$${}$$",
    r"\({}\)",
    r"\boxed{{{}}}",
    r"$\boxed{{{}}}$.",
    r"\textbf{{{}}}",
    "{} apples",
    "{}%",
    r"{}\%",
    "The answer is {}.",
    "x = {}",
    "{} (as above)",
    "\n\n{}\n\nDone.",
    "\n* {} apples",
    "\n> {}",
    r"$\color{{blue}}{{{}}}$",
    r"$\underline{{{}}}$",
    "the sum\n   = {}",
    "{} (it cannot be less)",
)
UNITS = [
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
]
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_words(number, hyphen, also):
    """Write a number up to a million in words."""
    if number < 20:
        return UNITS[number]
    if number < 100:
        rest = number % 10
        return TENS[number // 10] + (hyphen + UNITS[rest] if rest else "")
    size, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    head = f"{in_words(number // size, hyphen, also)} {name}"
    rest = number % size
    joined = also if rest < 100 else " "
    return head + (joined + in_words(rest, hyphen, also) if rest else "")


def form_of(kind, row):
    named = {key: row[key] for key in ("marker", "choices") if key in row}
    return AnswerForm(**{"kind": kind, **named})


def name_of(case):
    return case if isinstance(case, str) else case["text"][-40:]


@pytest.mark.parametrize(("kind", "row"), CASES, ids=name_of)
def test_every_row_of_the_tables_is_read_as_it_says(kind, row):
    form = form_of(kind, row)
    read = form.read(row["text"], alone=row.get("alone", False))
    assert read == row["reads"]
    if read is not None:
        assert form.read(read, alone=True) == read
        assert form.is_right(read, ["nothing like it", read])
    for answer in row.get("same", ()):
        assert form.is_right(read, [form.read(answer, alone=True)]), answer
    for answer in row.get("other", ()):
        assert not form.is_right(read, [form.read(answer, alone=True)]), answer


def test_at_least_99_in_100_labelled_texts_are_read_as_a_person_reads_them():
    rows = [(kind, row) for kind, row in LABELLED if kind != "math"]
    wrong = [row for kind, row in rows if form_of(kind, row).read(row["text"]) != row["right"]]
    assert len(wrong) <= len(rows) / 100, wrong


@settings(deadline=None)
@given(
    number=st.decimals(-(10**9), 10**9, places=2),
    style=st.sampled_from(FORMATS),
    currency=st.sampled_from(("", "$", r"\$", "€", "£")),
    thousands=st.sampled_from(("", ",", "{,}", r"\,", "\u2009", " ")),
    marker=st.sampled_from(("Final Answer:", "**Final Answer:**", "Final answer is")),
)
def test_formatting_never_changes_the_number_that_is_read(
    number, style, currency, thousands, marker
):
    form = AnswerForm(kind="number")
    sign = "-" if number < 0 else ""
    written = sign + currency + f"{abs(number):,}".replace(",", thousands)
    read = form.read(f"I say 5.\n{marker} {style.format(written)}")
    assert read == form.read(f"{number:f}", alone=True)
    assert form.read(read, alone=True) == read


@settings(deadline=None)
@given(
    number=st.integers(0, 999_999),
    style=st.sampled_from(
        ("{}", "{}.", "**{}**", "{} apples", "\n* {} apples", "The answer is {}.")
    ),
    hyphen=st.sampled_from("- "),
    also=st.sampled_from((" ", " and ")),
    capital=st.booleans(),
)
def test_a_number_in_words_is_the_number_in_digits(number, style, hyphen, also, capital):
    words = in_words(number, hyphen, also)
    written = style.format(words.capitalize() if capital else words)
    assert AnswerForm(kind="number").read(f"Final Answer: {written}") == str(number)


@settings(deadline=None)
@given(
    number=st.integers(2, 99),
    other=st.integers(2, 99),
    style=st.sampled_from(
        (
            "{} or {}",
            "{} to {}",
            "{}, {}",
            "{} and {}",
            "\n- {} eggs\n- {} hens",
            "eggs: {}; hens: {}",
        )
    ),
    words=st.booleans(),
)
def test_two_numbers_are_never_one(number, other, style, words):
    assume(number != other)
    pair = (in_words(number, "-", " "), in_words(other, "-", " ")) if words else (number, other)
    assert AnswerForm(kind="number").read(f"Final Answer: {style.format(*pair)}") is None


@settings(deadline=None)
@given(
    choice=st.sampled_from("ABCDE"),
    style=st.sampled_from(FORMATS[:6] + FORMATS[9:12] + ("({})", "{})", "option {}", "[{}]")),
    small=st.booleans(),
)
def test_formatting_never_changes_the_choice_that_is_read(choice, style, small):
    written = style.format(choice.lower() if small else choice)
    assert AnswerForm(kind="choice").read(f"A cat. Final Answer: {written}") == choice


@settings(deadline=None)
@given(text=st.text(alphabet=st.sampled_from(list("0123456789 .,/-+=$*\\{}()^%:xa\n½"))))
def test_whatever_is_written_reading_what_was_read_changes_nothing(text):
    form = AnswerForm(kind="number", marker=None)
    read = AnswerForm(kind="number").read(f"Final Answer: {text}")
    assert read is None or form.read(read) == read


def test_an_options_own_text_says_it():
    options = {"A": "a cat", "B": "the big dog", "C": "dog"}
    assert read_choice("The big dog.", "ABC", options) == "B"
    assert read_choice("a cat", "ABC", options) == "A"
    assert read_choice("it is the dog", "ABC", options) == "C"
    assert read_choice("(B) the big dog", "ABC", options) == "B"
    assert read_choice("B: dog", "ABC", options) is None
    assert read_choice("a cat and a dog", "ABC", options) is None
    assert read_choice("a horse", "ABC", options) is None
