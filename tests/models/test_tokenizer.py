"""The ladder's tokenizer gives back any text of printable words; known words are one token."""

from hypothesis import given
from hypothesis import strategies as st

from showhow.models.prompts import joined, spaced
from showhow.models.tokenizer import ladder_tokenizer
from showhow.responses import load_variant
from showhow.tasks import load_task, task_kinds

TOKENIZER = ladder_tokenizer()
BYTES = ladder_tokenizer("bytes")
characters = st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="[<>")
words = st.lists(st.text(characters, min_size=1, max_size=8), min_size=1, max_size=8)


@given(words)
def test_text_comes_back(words):
    text = " ".join(words)
    assert TOKENIZER.decode(TOKENIZER(text).input_ids) == text


@given(st.text())
def test_any_text_comes_back_from_bytes(text):
    assert BYTES.decode(BYTES(text).input_ids, skip_special_tokens=False) == text


def test_the_words_of_the_shipped_tasks_are_single_tokens():
    """But for data of the user's own, and facts, which have a tokenizer of their own."""
    for kind in sorted({*task_kinds()} - {"dataset", "entity_questions", "facts", "things"}):
        task = load_task(kind)
        problems = task.generate(task.Settings(), "test", 30, set())
        for variant in map(load_variant, ("none", "short", "medium", "long")):
            for problem in problems:
                words = variant.write(variant.Settings(), task, problem).response.split()
                assert len(TOKENIZER(" ".join(words)).input_ids) == len(words), words


def test_a_chat_template_parts_prompt_and_response():
    message = [{"role": "user", "content": "copy [ 1 ]"}]
    text = TOKENIZER.apply_chat_template(message, tokenize=False, add_generation_prompt=True)
    assert text == "copy [ 1 ] <answer> "


numbers = st.lists(st.integers(0, 999).map(str), min_size=1, max_size=5).map(" ".join)


@given(numbers, st.sampled_from(["", "add ", "[MAX "]), st.sampled_from(["", " ]", " , sum is 7"]))
def test_spaced_digits_come_back_as_numbers(numbers, before, after):
    text = before + numbers + after
    assert joined(spaced(text)) == text
    assert all(len(word) == 1 for word in spaced(text).split() if word.isdigit())
