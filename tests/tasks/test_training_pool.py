"""Training problems that somebody is asked are made once; each seed's set is drawn from them."""

import pytest

from showhow.tasks.problem import read_problems
from stages.generate_problems import Options, generate_problems


@pytest.fixture
def drawn(tmp_path):
    """Give a function that makes a training set, drawn from a pool of thirty problems."""

    def make(count, draw=0, pool=None):
        output = tmp_path / f"train-n{count}-draw{draw}.jsonl"
        told = {"kind": "parity", "settings": {}, "split": "train", "count": count, "draw": draw}
        files = {"output": output, "pool": pool, "cost": tmp_path / "cost.json", "code": "-"}
        generate_problems(Options.model_validate({**told, **files}))
        return output

    pool = make(30)
    return lambda count, draw: read_problems(make(count, draw, pool)), read_problems(pool)


def test_a_seeds_set_is_the_first_part_of_the_pool_in_the_seeds_own_order(drawn):
    draw_from, pool = drawn
    whole = draw_from(30, 1)
    assert whole != pool
    assert sorted(whole, key=lambda problem: problem.id) == pool
    assert draw_from(12, 1) == whole[:12]
    assert draw_from(12, 2) != whole[:12]
