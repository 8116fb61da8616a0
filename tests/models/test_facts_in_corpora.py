"""Facts in a corpus: stated and never asked, and read as plain text."""

from collections import Counter

from showhow.corpus.exercises import corpus, stated
from showhow.models.tokenizer import ladder_tokenizer
from showhow.tasks import load_task
from showhow.tasks.knowledge.names import RELATIONS, words
from showhow.training.examples import IGNORED, tokenise_beginnings, tokenise_texts
from small_models import ladder_base

FACTS = load_task("facts")
WORLD = FACTS.Settings(subjects=20, test_subjects=5, relations=3, unseen_relations=1)
THINGS = {"things_told": 1.0, "things_asked": 1.0}


def test_facts_are_stated_as_often_as_their_exposures_say():
    lines = list(stated(FACTS.statements(WORLD)))
    exposures = [f.exposure for facts in WORLD.world().facts.values() for f in facts]
    assert len(lines) == sum(exposures)
    assert all(line.prompt is None for line in lines)


def test_no_question_in_a_corpus_is_about_a_relation_of_the_facts():
    lines = [*corpus(300, 0, THINGS), *stated(FACTS.statements(WORLD))]
    questions = [line.prompt for line in lines if line.prompt is not None]
    assert questions
    assert not any(relation in question.split() for question in questions for relation in RELATIONS)
    skills = Counter(line.skill for line in lines)
    assert set(skills) == {*THINGS, "facts"}


def test_every_word_of_facts_and_things_is_one_token():
    tokenizer = ladder_tokenizer("facts")
    lines = [*corpus(100, 0, THINGS), *stated(FACTS.statements(WORLD))]
    texts = [text for line in lines for text in (line.prompt, line.response) if text]
    for text in {*texts, *words()}:
        ids = tokenizer(text, add_special_tokens=False).input_ids
        assert len(ids) == len(text.split())
        assert tokenizer.unk_token_id not in ids
        assert tokenizer.decode(ids) == text


def test_a_plain_text_is_learned_from_its_first_token_to_its_end():
    base = ladder_base()
    (example,) = tokenise_texts(base, ["sort the list"])
    assert example.labels == example.input_ids
    assert example.input_ids[-1] == base.tokenizer.eos_token_id
    assert example.input_ids[:-1] == tokenise_beginnings(base, ["sort the list"])[0]


def test_an_encoder_decoder_writes_a_plain_text_unasked():
    base = ladder_base("t5")
    (example,) = tokenise_texts(base, ["sort the list"])
    assert example.input_ids == [base.tokenizer.eos_token_id]
    assert IGNORED not in example.labels
