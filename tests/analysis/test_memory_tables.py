"""The tables of how well bases know facts."""

from dataclasses import asdict

import pytest

from showhow.analysis.probe_tables import MemoryPart, memory_items_table, memory_table
from showhow.base.errors import ShowhowError
from showhow.base.rows import write_jsonl
from showhow.probes.memory_level import Memory
from showhow.tasks import load_task
from showhow.tasks.problem import write_problems

FACTS = load_task("facts")
WORLD = FACTS.Settings(subjects=30, test_subjects=10, relations=3, unseen_relations=0, objects=3)


def measured(problems, shift=0):
    return [
        asdict(Memory(p.id, 10, [5, 0], level / 4, level, as_plain_text=level / 8))
        for index, p in enumerate(problems)
        for level in [(index + shift) % 5]
    ]


@pytest.fixture
def parts(tmp_path):
    found = []
    for split, count in (("train-n60", 60), ("test", 30)):
        problems = FACTS.generate(WORLD, split.partition("-")[0], count, set())
        files = {name: tmp_path / f"{split}-{name}.jsonl" for name in ("problems", "memory")}
        write_problems(files["problems"], problems)
        write_jsonl(files["memory"], measured(problems))
        if split == "test":
            files |= {name: tmp_path / f"{name}.jsonl" for name in ("in_full", "untuned")}
            write_jsonl(
                files["in_full"], measured(problems[:10], shift=1)[:5] + measured(problems)[5:10]
            )
            rows = [{"split": "test", "id": p.id, "correct": i < 6} for i, p in enumerate(problems)]
            write_jsonl(files["untuned"], rows)
        found.append(MemoryPart(model="reader", task="facts", split=split, **files))
    return found


def test_every_measured_fact_has_a_row_with_its_exposure_and_level(parts):
    items = memory_items_table("knowledge", parts)
    assert len(items) == 90
    assert items["exposure"].notna().all()
    assert items.groupby("split")["level"].nunique().eq(5).all()


def test_the_most_frequent_answer_is_that_of_the_training_problems(parts):
    items = memory_items_table("knowledge", parts)
    training = items[items["split"] == "train-n60"]
    for relation, facts in training.groupby("relation"):
        counts = facts["answer"].value_counts()
        chosen = set(items[(items["relation"] == relation) & items["most_frequent"]]["answer"])
        assert len(chosen) == 1
        assert counts[chosen.pop()] == counts.max()


def test_levels_are_summed_up_with_the_agreement_and_the_correlation(parts):
    items = memory_items_table("knowledge", parts)
    table = memory_table(items).set_index(["split", "level"])
    whole = table.loc["test", "all"]
    assert whole["n"] == 30
    assert whole["n_in_full"] == 10
    assert whole["same_in_full"] == pytest.approx(0.5)
    assert whole["untuned"] == pytest.approx(6 / 30)
    assert -1 <= whole["exposure_correlation"] <= 1
    assert table.loc["test", "3"]["mean_share"] == pytest.approx(0.75)
    assert table.loc["test", "3"]["as_plain_text"] == pytest.approx(0.375)
    assert table.loc["train-n60"]["n"].drop("all").sum() == 60


def test_a_measurement_of_other_problems_is_refused(parts):
    wrong = parts[0].model_copy(update={"memory": parts[1].memory})
    with pytest.raises(ShowhowError, match="its lines are not those of the problems"):
        memory_items_table("knowledge", [wrong])
