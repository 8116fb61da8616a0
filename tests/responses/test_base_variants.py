"""Variants whose responses depend on the base that is to learn from them."""

import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from showhow.answers.parsing import parse_answer
from showhow.base.errors import ShowhowError
from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.voices import VOICES
from showhow.responses import load_variant
from showhow.responses.base_variant import Answers, KnownBase, Written, first_written
from showhow.responses.response import read_responses, write_responses
from showhow.tasks import load_task

TASKS = ("addition", "listops", "parity")
IN_A_VOICE = ("familiar", "unfamiliar", "unfamiliar_longer", "rewritten")
TOKENIZER = ladder_tokenizer()
every_task = pytest.mark.parametrize("kind", TASKS)
every_voice = pytest.mark.parametrize("voice", VOICES)


def problems_of(kind, count=20, split="train", seed=0):
    task = load_task(kind)
    return task.generate(task.Settings(seed=seed), split, count, set())


def write(variant, kind, problem, base, **settings):
    chosen = load_variant(variant)
    return chosen.write_for(chosen.Settings(**settings), load_task(kind), problem, base)


def text(variant, kind, problem, base, **settings):
    return write(variant, kind, problem, base, **settings).response.response


def tokens(text):
    return TOKENIZER(text, add_special_tokens=False).input_ids


def base_that_said(voice, problem, *texts):
    return KnownBase(voice, {problem.id: Answers(problem.id, texts[0], tuple(texts[1:]))})


@every_task
@every_voice
@pytest.mark.parametrize("variant", IN_A_VOICE)
@runs(max_examples=5, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_response_in_a_voice_gives_the_answer_and_is_the_same_each_time(
    variant, voice, kind, seed
):
    for problem in problems_of(kind, 5, seed=seed):
        base = KnownBase(voice)
        written = write(variant, kind, problem, base)
        assert written == write(variant, kind, problem, base)
        assert parse_answer(written.response.response, "last") == problem.answer
        assert (written.response.id, written.response.prompt) == (problem.id, problem.prompt)


@every_task
@every_voice
def test_familiar_unfamiliar_and_rewritten_are_of_equal_length_and_longer_is_longer(voice, kind):
    for problem in problems_of(kind):
        lengths = {v: len(tokens(text(v, kind, problem, KnownBase(voice)))) for v in IN_A_VOICE}
        assert lengths["familiar"] == lengths["unfamiliar"] == lengths["rewritten"]
        assert lengths["unfamiliar_longer"] > lengths["unfamiliar"]


@every_task
def test_what_is_familiar_to_one_base_is_strange_to_the_other(kind):
    for problem in problems_of(kind, 5):
        opening = {
            (variant, voice): text(variant, kind, problem, KnownBase(voice)).split()[0]
            for variant in ("familiar", "unfamiliar")
            for voice in VOICES
        }
        assert {opening["familiar", "a"], opening["unfamiliar", "b"]} <= {"find", "have"}
        assert {opening["familiar", "b"], opening["unfamiliar", "a"]} <= {"{", "("}


@every_task
@every_voice
def test_rewritten_has_the_bases_words_in_the_other_order(voice, kind):
    for problem in problems_of(kind, 5):
        first_step = text("rewritten", kind, problem, KnownBase(voice)).split("\n")[0].split()
        familiar = text("familiar", kind, problem, KnownBase(voice)).split("\n")[0].split()
        operation = problem.steps[0].operation
        wordy = {"a": {"find", "have"}, "b": {"{", "("}}[voice]
        assert first_step[0] in wordy and familiar[0] in wordy
        assert (first_step.index(operation) > familiar.index(operation)) == (voice == "a")


@every_voice
def test_self_generated_is_the_first_right_sample_and_nothing_where_none_is(voice):
    [problem] = problems_of("listops", 1)
    right = text("familiar", "listops", problem, KnownBase(voice))
    wrong = "so it is\nFinal answer : 99"
    said = base_that_said(voice, problem, right, wrong, right + " ", right)
    assert text("self_generated", "listops", problem, said) == right + " "
    nothing = base_that_said(voice, problem, right, wrong, "Final answer :")
    assert write("self_generated", "listops", problem, nothing) is None


@every_task
@every_voice
def test_minimum_change_keeps_what_is_right_and_repairs_what_is_not(voice, kind):
    for problem in problems_of(kind, 10):
        right = text("familiar", kind, problem, KnownBase(voice))
        kept = write("minimum_change", kind, problem, base_that_said(voice, problem, right))
        assert (kept.response.response, kept.changed_steps) == (right, 0)
        *steps, final = right.split("\n")
        broken = steps[0].split()
        broken[-2] = "77"
        said = "\n".join([" ".join(broken), *steps[1:], final])
        repaired = write("minimum_change", kind, problem, base_that_said(voice, problem, said))
        assert (repaired.response.response, repaired.changed_steps) == (right, 1)


@every_task
@every_voice
@runs(max_examples=10, deadline=None)
@given(said=st.text(alphabet="abc .=>\n7", max_size=40))
def test_minimum_change_is_right_whatever_the_base_said(voice, kind, said):
    [problem] = problems_of(kind, 1)
    written = write("minimum_change", kind, problem, base_that_said(voice, problem, said))
    lines = written.response.response.split("\n")
    assert len(lines) == len(problem.steps) + 1
    assert parse_answer(written.response.response, "last") == problem.answer
    assert written.changed_steps >= len(problem.steps) - said.count(" .")


@every_voice
def test_the_least_expected_tokens_are_masked(voice):
    [problem] = problems_of("listops", 1)
    plain = write("unfamiliar", "listops", problem, KnownBase(voice)).response
    count = len(tokens(plain.response))
    expected = [-float(place) for place in range(count)]
    base = KnownBase(voice, {}, {problem.id: [*expected, -99.0]})
    masked = write("unfamiliar_masked", "listops", problem, base, share=0.25).response
    assert masked.response == plain.response
    assert masked.masked_tokens == tuple(range(count - round(count / 4), count))


@every_task
@pytest.mark.parametrize("variant", ("self_generated", "minimum_change", "unfamiliar_masked"))
def test_evaluation_splits_need_nothing_but_the_voice(variant, kind):
    form = "unfamiliar" if variant == "unfamiliar_masked" else "familiar"
    for problem in problems_of(kind, 5, "test"):
        base = KnownBase("b")
        assert text(variant, kind, problem, base) == text(form, kind, problem, base)


def test_as_many_responses_are_taken_as_wanted_and_the_record_says_what_was_dropped():
    [problem] = problems_of("parity", 1)
    one = write("familiar", "parity", problem, KnownBase("a"))
    changed = Written(one.response, changed_steps=2)
    responses, record = first_written([None, changed, None, one, one], 2)
    assert responses == [one.response] * 2
    assert (record.asked, record.written, record.dropped) == (4, 2, 2)
    assert (record.changed_responses, record.changed_steps) == (1, 2)


def test_too_few_right_answers_are_an_error_that_counts_them():
    [problem] = problems_of("parity", 1)
    one = write("familiar", "parity", problem, KnownBase("a"))
    with pytest.raises(ShowhowError, match=r"only 1 of the 3 .* 2 are needed.*answering"):
        first_written([None, one, None], 2)


def test_masks_come_back_from_their_file_and_are_no_part_of_other_responses(tmp_path):
    [problem] = problems_of("parity", 1)
    plain = write("unfamiliar", "parity", problem, KnownBase("a")).response
    count = len(tokens(plain.response))
    base = KnownBase("a", {}, {problem.id: [-1.0] * (count + 1)})
    masked = write("unfamiliar_masked", "parity", problem, base).response
    write_responses(tmp_path / "some.jsonl", [plain, masked])
    assert read_responses(tmp_path / "some.jsonl") == [plain, masked]
    assert (tmp_path / "some.jsonl").read_text().count("masked_tokens") == 1
