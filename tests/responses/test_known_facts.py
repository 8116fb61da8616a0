"""Training sets picked by how well a base knows their facts."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from showhow.base.errors import ShowhowError
from showhow.responses import load_variant
from showhow.responses.base_variant import KnownBase, first_written
from showhow.tasks import load_task

FACTS = load_task("facts")
WORLD = FACTS.Settings(subjects=90, test_subjects=10, relations=4, unseen_relations=0, objects=5)
POOL = FACTS.generate(WORLD, "train", 320, set())
LEVELS = {problem.id: index % 5 for index, problem in enumerate(POOL)}
BASE = KnownBase(levels=LEVELS)
VARIANTS = (*(f"level_{level}" for level in range(5)), "natural_mix", "shuffled_answers")
sizes = st.integers(1, 30)
draws = st.integers(0, 10**6)


def training_set(variant, size, draw, pool=POOL):
    chosen = load_variant(variant)
    asked = chosen.choose(pool, BASE, draw)
    written = (chosen.write_for(chosen.Settings(), FACTS, p, BASE) for p in asked)
    return first_written(written, size, chosen.shortage)[0]


def relation_of(response):
    return next(p for p in POOL if p.id == response.id).groups["relation"]


@pytest.mark.parametrize("variant", VARIANTS)
@runs(max_examples=15, deadline=None)
@given(size=sizes, draw=draws)
def test_relations_are_balanced_and_no_fact_comes_twice(variant, size, draw):
    chosen = training_set(variant, size, draw)
    assert len({response.id for response in chosen}) == size
    counts = Counter(map(relation_of, chosen))
    least = min(counts.values()) if len(counts) == 4 else 0
    assert max(counts.values()) - least <= 1


@pytest.mark.parametrize("variant", VARIANTS)
@runs(max_examples=15, deadline=None)
@given(small=st.integers(1, 20), more=st.integers(0, 20), draw=draws)
def test_a_smaller_training_set_is_part_of_a_larger_one(variant, small, more, draw):
    assert training_set(variant, small, draw) == training_set(variant, small + more, draw)[:small]


@pytest.mark.parametrize("level", range(5))
def test_a_level_has_facts_of_that_level_alone(level):
    assert {LEVELS[response.id] for response in training_set(f"level_{level}", 40, 1)} == {level}


def test_the_natural_mix_has_all_levels_and_is_drawn_anew_by_every_seed():
    first, second = (training_set("natural_mix", 60, draw) for draw in (1, 2))
    assert {LEVELS[response.id] for response in first} == set(range(5))
    assert {response.id for response in first} != {response.id for response in second}


def test_the_answer_is_the_facts_own_but_for_shuffled_answers():
    own = {problem.id: problem.answer for problem in POOL}
    of_relation = {}
    for problem in POOL:
        of_relation.setdefault(problem.groups["relation"], set()).add(problem.answer)
    for variant in VARIANTS:
        chosen = training_set(variant, 40, 3)
        right = sum(response.response == own[response.id] for response in chosen)
        assert right == 40 if variant != "shuffled_answers" else right < 20
        assert all(response.response in of_relation[relation_of(response)] for response in chosen)


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_is_evaluated_on_stays_as_it_is(variant):
    problems = FACTS.generate(WORLD, "test", 20, set())
    chosen = training_set(variant, 20, 1, problems)
    assert [(r.id, r.answer) for r in chosen] == [(p.id, p.answer) for p in problems]


def test_too_few_facts_of_a_level_are_counted_and_the_remedy_is_named():
    with pytest.raises(ShowhowError, match=r"only .* facts of this memory level .* memory.pool"):
        training_set("level_2", 100, 1)
