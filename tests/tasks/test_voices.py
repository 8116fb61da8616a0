"""Two voices for the same steps: what they share and in what they differ."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.voices import VOICES, other
from showhow.tasks import load_task
from showhow.tasks.voices import WORDS, Manner, every_wording, own_manner, say, wordings

TOKENIZER = ladder_tokenizer()
every_task = pytest.mark.parametrize("kind", ("addition", "listops", "parity"))
seeds = st.integers(0, 10**6)


def steps_of(kind, seed, count=5):
    task = load_task(kind)
    problems = task.generate(task.Settings(seed=seed), "train", count, set())
    return [step for problem in problems for step in problem.steps]


def tokens(sentence):
    return TOKENIZER(sentence, add_special_tokens=False).input_ids


def words_of(voice):
    words = WORDS[voice]
    pairs = [*words.around_first, *words.before_result]
    single = {words.before_intermediate, words.before_all, words.before_again}
    return single.union(*pairs)


@every_task
@runs(max_examples=10, deadline=None)
@given(seed=seeds, detailed=st.booleans())
def test_a_step_takes_as_many_tokens_in_one_voice_as_in_the_other(kind, seed, detailed):
    for step in steps_of(kind, seed):
        lengths = {
            len(tokens(sentence))
            for words in VOICES
            for order in VOICES
            for sentence in wordings(step, Manner(words, order, detailed))
        }
        assert len(lengths) == 1


@every_task
@runs(max_examples=10, deadline=None)
@given(seed=seeds)
def test_both_voices_say_the_same_in_other_words_and_order(kind, seed):
    for step in steps_of(kind, seed):
        first, second = (
            say(step, own_manner(voice), Random(seed)).split()[:-1] for voice in VOICES
        )
        content = [
            [w for w in said if w not in words_of("a") | words_of("b")] for said in (first, second)
        ]
        assert sorted(content[0]) == sorted(content[1])
        assert first.index(step.operation) < second.index(step.operation)
        assert first[0] != second[0]


def test_the_voices_have_no_word_in_common_and_each_is_one_known_token():
    assert not words_of("a") & words_of("b")
    for word in words_of("a") | words_of("b"):
        assert len(tokens(word)) == 1
        assert tokens(word) != [TOKENIZER.unk_token_id]


@every_task
@runs(max_examples=10, deadline=None)
@given(seed=seeds, detailed=st.booleans())
def test_what_is_said_is_one_of_the_wordings_and_more_detail_is_longer(kind, seed, detailed):
    for step in steps_of(kind, seed, 2):
        for voice in VOICES:
            plain = own_manner(voice)
            manner = Manner(voice, voice, detailed)
            assert say(step, manner, Random(seed)) in wordings(step, manner)
            longer = say(step, Manner(voice, voice, detailed=True), Random(seed))
            assert len(longer.split()) > len(say(step, plain, Random(seed)).split())


@every_task
def test_every_wording_says_its_own_step_and_no_other(kind):
    steps = list(dict.fromkeys(steps_of(kind, 0, 20)))
    for step in steps:
        for voice in VOICES:
            assert say(step, own_manner(voice), Random(1)) in every_wording(step)
    said = [sentence for step in steps for sentence in wordings(step, own_manner("a"))]
    assert len(said) == len(set(said))


def test_the_other_voice_of_the_other_voice_is_the_voice():
    assert [other(other(voice)) for voice in VOICES] == list(VOICES)
    assert other("a") == "b"
