"""Words and order of a voice are two axes: four variants, equal in everything else."""

import pytest
from hypothesis import given
from hypothesis import settings as runs
from hypothesis import strategies as st

from showhow.models.tokenizer import ladder_tokenizer
from showhow.recipes.voices import VOICES, other
from showhow.responses import load_variant
from showhow.responses.base_variant import KnownBase
from showhow.tasks import load_task
from showhow.tasks.voices import Manner, wordings

TOKENIZER = ladder_tokenizer()
# Whether the words and the order are the base's own.
ARMS = {
    "familiar": (True, True),
    "own_words_other_order": (True, False),
    "other_words_own_order": (False, True),
    "unfamiliar": (False, False),
}


def response(variant: str, kind: str, problem, voice):
    chosen = load_variant(variant)
    base = KnownBase(voice)
    return chosen.write_for(chosen.Settings(), load_task(kind), problem, base).response


@pytest.mark.parametrize("kind", ["addition", "listops", "parity"])
@runs(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6), voice=st.sampled_from(VOICES))
def test_each_arm_has_its_words_and_its_order_and_all_take_as_many_tokens(kind, seed, voice):
    task = load_task(kind)
    for problem in task.generate(task.Settings(seed=seed), "train", 3, set()):
        said = {arm: response(arm, kind, problem, voice) for arm in ARMS}
        for arm, (own_words, own_order) in ARMS.items():
            manner = Manner(
                voice if own_words else other(voice), voice if own_order else other(voice)
            )
            for sentence, step in zip(said[arm].steps, problem.steps, strict=True):
                assert sentence in wordings(step, manner)
        counts = {
            len(TOKENIZER(one.response, add_special_tokens=False).input_ids)
            for one in said.values()
        }
        assert len(counts) == 1
