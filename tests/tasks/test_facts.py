"""What a study may rely on in the made-up facts."""

from collections import Counter, defaultdict

import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from showhow.base.errors import ShowhowError
from showhow.tasks import load_task
from showhow.tasks.knowledge.facts_of_things import facts_of_things
from showhow.tasks.knowledge.names import RELATIONS, RELATIONS_OF_THINGS, object_names, words
from showhow.tasks.problem import read_problems, write_problems

FACTS = load_task("facts")
SMALL = {"subjects": 30, "test_subjects": 8, "relations": 4, "unseen_relations": 2, "objects": 5}
worlds = st.builds(
    lambda seed, tested, more: FACTS.Settings(
        seed=seed, subjects=tested + more, test_subjects=tested, relations=3, unseen_relations=2
    ),
    st.integers(0, 10**6),
    st.integers(1, 12),
    st.integers(1, 12),
)


def subject_of(problem) -> str:
    return problem.prompt.partition(" of ")[2].removesuffix(" ?")


def every(split: str, settings):
    counts = {
        "train": (settings.subjects - settings.test_subjects) * settings.relations,
        "test": settings.test_subjects * settings.relations,
        "unseen": settings.test_subjects * settings.unseen_relations,
    }
    return FACTS.generate(settings, split, counts[split], set())


@runs(max_examples=20, deadline=None)
@given(worlds)
def test_no_subject_of_a_test_set_is_trained_on(settings):
    trained = {subject_of(problem) for problem in every("train", settings)}
    for split in ("test", "unseen"):
        assert trained.isdisjoint(subject_of(problem) for problem in every(split, settings))


@runs(max_examples=20, deadline=None)
@given(worlds)
def test_the_unseen_relations_are_in_no_other_split(settings):
    seen, unseen = (
        {problem.groups["relation"] for split in splits for problem in every(split, settings)}
        for splits in (("train", "test"), ("unseen",))
    )
    assert len(seen) == 3
    assert len(unseen) == 2
    assert seen.isdisjoint(unseen)


@runs(max_examples=20, deadline=None)
@given(worlds)
def test_a_fact_is_stated_as_often_as_its_exposure_says_and_never_asked(settings):
    stated = Counter()
    for text in FACTS.statements(settings):
        assert text.endswith(" .")
        stated[frozenset(text.removesuffix(" .").split())] += 1
    assert not any("what" in content for content in stated)
    for split in ("train", "test", "unseen"):
        for problem in every(split, settings):
            times = sum(
                count
                for content, count in stated.items()
                if {*subject_of(problem).split(), problem.groups["relation"]} <= content
                and problem.answer in content
            )
            assert times >= problem.groups["exposure"]


def test_exposures_are_dealt_in_shares_of_their_weights_within_each_relation():
    settings = FACTS.Settings(subjects=400, exposures={0: 1, 1: 2, 4: 1})
    for facts in settings.world().facts.values():
        counts = Counter(fact.exposure for fact in facts)
        assert counts == {0: 100, 1: 200, 4: 100}


def test_a_relation_s_exposures_do_not_tell_another_one_s():
    world = FACTS.Settings(subjects=300).world()
    by_subject = defaultdict(list)
    for facts in world.facts.values():
        for fact in facts:
            by_subject[fact.subject].append(fact.exposure)
    assert all(len(set(exposures)) > 1 for exposures in by_subject.values())


def test_no_answer_can_be_found_inside_another_text():
    vocabulary = words()
    assert len(set(vocabulary)) == len(vocabulary)
    objects = [
        name
        for relation in (*RELATIONS, *RELATIONS_OF_THINGS)
        for name in object_names(relation, 30)
    ]
    assert len(set(objects)) == len(objects)
    for name in objects:
        assert not any(name in word for word in vocabulary if word != name)


def test_every_beginning_is_completed_by_the_answer():
    for problem in FACTS.generate(FACTS.Settings(**SMALL), "test", 20, set()):
        assert len(problem.beginnings) == len(set(problem.beginnings)) > 1
        for text in problem.beginnings:
            assert subject_of(problem) in text
            assert problem.groups["relation"] in text
            assert problem.answer not in text


def test_problems_come_back_from_their_file(tmp_path):
    problems = FACTS.generate(FACTS.Settings(**SMALL), "train", 12, set())
    write_problems(tmp_path / "train.jsonl", problems)
    assert read_problems(tmp_path / "train.jsonl") == problems


@pytest.mark.parametrize("split", ["train", "test", "unseen"])
def test_a_smaller_split_has_the_first_problems_of_a_larger_one(split):
    settings = FACTS.Settings(**SMALL)
    large = FACTS.generate(settings, split, 16, set())
    assert FACTS.generate(settings, split, 7, set()) == large[:7]
    assert FACTS.generate(FACTS.Settings(**SMALL, seed=1), split, 16, set()) != large


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"test_subjects": 30}, "leaves none to train on"),
        ({"relations": 15}, "`relations` and `unseen_relations` are 17 together, there are 16"),
        ({"objects": 40}, "less than or equal to 30"),
    ],
)
def test_an_impossible_world_says_why(changed, complaint):
    with pytest.raises((ShowhowError, ValueError), match=complaint):
        FACTS.check(FACTS.Settings(**(SMALL | changed)))


def test_more_facts_than_there_are_is_an_error_that_counts_them():
    with pytest.raises(ShowhowError, match="has 16 facts for the split 'unseen', not 17"):
        FACTS.generate(FACTS.Settings(**SMALL), "unseen", 17, set())


def test_things_have_relations_of_their_own_and_are_asked_once_each():
    things = load_task("things")
    test = things.generate(things.Settings(), "test", 100, set())
    asked = {things.canonical(problem) for problem in test}
    train = things.generate(things.Settings(), "train", 200, asked)
    assert asked.isdisjoint(things.canonical(problem) for problem in train)
    assert {relation for _, relation, _ in facts_of_things()}.isdisjoint(RELATIONS)
