import json

import pandas as pd
import pytest
from simulated_study import groups_table as simulated_groups
from simulated_study import items_table as simulated_items
from simulated_study import runs_table as simulated_runs
from simulated_study import small_study

from showhow.analysis.evidence import detail_of_variants
from showhow.analysis.table_files import read_table
from showhow.analysis.tables import (
    BestShortcut,
    best_shortcuts,
    costs_table,
    groups_table,
    items_table,
    read_manifest,
    runs_table,
    write_items,
)
from showhow.base.errors import ShowhowError
from showhow.tasks.description import read_description

DESCRIBED = {"n": 2, "length_low": 3, "length_high": 9, "answer_counts": {"5": 1, "7": 1}}
DESCRIBED |= {"majority_answer": "5", "majority_accuracy": 0.5, "copy_last_accuracy": 0.0}
SHORTCUTS = {
    ("listops", "test"): BestShortcut("root_over_leaves", 0.75),
    ("addition", "test"): BestShortcut("no_carry", 0.25),
}


def item(number, correct, groups, split="test"):
    return {
        "split": split,
        "id": f"{split}-{number:06d}",
        "correct": correct,
        "last_character_correct": True,
        "outcome": "correct" if correct else "wrong_step",
        "truncated": False,
        "steps_expected": 2,
        "steps_generated": 2,
        "steps_correct": 2 if correct else 1,
        "answer": "5",
        "predicted": "5" if correct else None,
        "groups": groups,
    }


CHOSEN = {"step": 3, "accuracy": 0.75, "n_test": 4, "asked": [[3, 0.75], [5, 0.5]]}


def write_run(folder, task, seed, groups):
    directory = folder / f"results/runs/s/{task}/medium/m/n10/seed{seed}"
    directory.mkdir(parents=True)
    run = {"study": "s", "task": task, "variant": "medium", "model": "m"}
    run |= {"n_train": 10, "match": "examples", "seed": seed}
    record = {"run": run, "parameters": 40, "trainable_parameters": 4, "steps": 5, "epochs": 1}
    record["learning_rate"] = 0.01
    record |= {
        "train_tokens": 300,
        "target_tokens": 200,
        "examples_seen": 10,
        "final_loss": 0.25,
        "prompts": "chat",
        "chosen": CHOSEN if seed == 2 else None,
        "loss_curve": [],
    }
    (directory / "train.json").write_text(json.dumps(record))
    score = {"n_test": 2, "n_correct": 1, "accuracy": 0.5, "last_character_accuracy": 1.0}
    score |= {"step_accuracy": 0.75, "truncated": 0, "unparseable": 0, "outcomes": {}}
    (directory / "scores.json").write_text(json.dumps({"splits": {"test": score}}))
    items = [item(0, True, groups), item(1, False, groups)]
    (directory / "items.jsonl").write_text("".join(json.dumps(line) + "\n" for line in items))
    texts = [{"id": line["id"], "prompt": "?", "prediction": f"{task} {seed}"} for line in items]
    text = "".join(json.dumps(line) + "\n" for line in reversed(texts))
    (directory / "predictions.jsonl").write_text(text)
    return {**run, "base": f"{run['model']}@base{run['seed']}", "directory": str(directory)}


@pytest.fixture
def study(tmp_path):
    """A manifest of three runs, and the descriptions of their two tasks."""
    grouped = {"length": 4, "depth": 2, "root": "MIN"}
    entries = [write_run(tmp_path, "listops", seed, grouped) for seed in (1, 2)]
    entries.append(write_run(tmp_path, "addition", 1, {"length": 3}))
    (tmp_path / "runs.json").write_text(json.dumps(entries))
    described = {"splits": {"test": DESCRIBED}, "train_length_low": 3, "train_length_high": 9}
    (tmp_path / "description.json").write_text(json.dumps(described))
    path = tmp_path / "description.json"
    descriptions = dict.fromkeys(("listops", "addition"), read_description(path))
    return tmp_path / "runs.json", descriptions


def test_run_table_has_a_row_for_each_run_and_split(study):
    manifest, descriptions = study
    table = runs_table(read_manifest(manifest), descriptions, SHORTCUTS)
    assert table.columns.tolist() == simulated_runs(small_study()).columns.tolist()
    assert table["task"].tolist() == ["listops", "listops", "addition"]
    first = table.iloc[0]
    assert (first["parameters"], first["target_tokens"], first["seed"]) == (40, 200, 1)
    assert (first["n_test"], first["accuracy"], first["majority_accuracy"]) == (2, 0.5, 0.5)
    assert (first["shortcut"], first["shortcut_accuracy"]) == ("root_over_leaves", 0.75)
    assert (first["train_length_low"], first["train_length_high"]) == (3, 9)
    chosen = table.loc[table["chosen_step"].notna(), ["seed", "chosen_step", "validation_accuracy"]]
    assert chosen.values.tolist() == [[2, 3, 0.75]]
    assert first["ci_low"] == pytest.approx(0.0945, abs=1e-3)
    assert first["ci_high"] == pytest.approx(0.9055, abs=1e-3)


def test_items_table_has_a_row_for_each_problem_and_leaves_unknown_groups_empty(study):
    table = items_table(read_manifest(study[0]))
    assert table.columns.tolist() == simulated_items(small_study()).columns.tolist()
    assert len(table) == 6
    assert table["correct"].tolist() == [True, False] * 3
    addition = table[table["task"] == "addition"]
    assert addition["length"].tolist() == [3, 3]
    assert addition[["depth", "root"]].isna().all().all()


def test_groups_table_pools_seeds_and_leaves_out_groups_that_a_task_lacks(study):
    table = groups_table(items_table(read_manifest(study[0])))
    assert table.columns.tolist() == simulated_groups(small_study()).columns.tolist()
    found = {
        (row.task, row.group, row.value): (row.n_test, row.n_correct) for row in table.itertuples()
    }
    assert found == {
        ("listops", "length", "4"): (4, 2),
        ("listops", "depth", "2"): (4, 2),
        ("listops", "root", "MIN"): (4, 2),
        ("addition", "length", "3"): (2, 1),
    }


def test_groups_of_a_users_own_task_are_tabulated_too(tmp_path):
    entry = write_run(tmp_path, "facts", 1, {"length": 2, "relation": "born_in"})
    (tmp_path / "runs.json").write_text(json.dumps([entry]))
    items = items_table(read_manifest(tmp_path / "runs.json"))
    assert items["relation"].tolist() == ["born_in", "born_in"]
    groups = groups_table(items)
    assert groups.loc[groups["group"] == "relation", "value"].tolist() == ["born_in"]


def test_groups_are_those_of_the_simulated_study():
    items = simulated_items(small_study())
    ours = groups_table(items)
    assert ours.to_csv() == simulated_groups(small_study()).to_csv()


@pytest.mark.parametrize("name", ["train.json", "scores.json", "items.jsonl"])
def test_a_missing_record_is_named_with_its_remedy(study, tmp_path, name):
    (tmp_path / f"results/runs/s/listops/medium/m/n10/seed2/{name}").unlink()
    listed = read_manifest(study[0])
    with pytest.raises(ShowhowError, match=rf"There is no .*seed2/{name}; .*snakemake"):
        items_table(listed) if name == "items.jsonl" else runs_table(listed, study[1], SHORTCUTS)


def test_a_task_without_description_is_named(study):
    with pytest.raises(ShowhowError, match="--descriptions addition="):
        runs_table(read_manifest(study[0]), {"listops": study[1]["listops"]}, SHORTCUTS)


def test_a_task_whose_shortcuts_were_not_tried_is_named(study):
    tried = {("listops", "test"): SHORTCUTS["listops", "test"]}
    with pytest.raises(ShowhowError, match=r"--shortcuts results/data/addition/shortcuts\.csv"):
        runs_table(read_manifest(study[0]), study[1], tried)


def test_the_best_shortcut_is_that_of_each_task_and_split_and_the_first_of_equals():
    right = {
        ("sums", "test", "majority"): (1, 0, 0),
        ("sums", "test", "last_operand"): (0, 1, 1),
        ("sums", "longer", "majority"): (0, 1, 0),
        ("sums", "longer", "last_operand"): (1, 0, 0),
    }
    tried = pd.DataFrame(
        [
            {"task": task, "split": split, "shortcut": shortcut, "id": str(at), "correct": each}
            for (task, split, shortcut), correct in right.items()
            for at, each in enumerate(correct)
        ]
    )
    assert best_shortcuts(tried) == {
        ("sums", "test"): BestShortcut("last_operand", 2 / 3),
        ("sums", "longer"): BestShortcut("last_operand", 1 / 3),
    }


@pytest.mark.parametrize(
    ("content", "message"),
    [("[]", "lists no runs"), ('[{"task": "listops"}]', "run 1 has no study")],
)
def test_a_wrong_manifest_is_an_error(tmp_path, content, message):
    (tmp_path / "runs.json").write_text(content)
    with pytest.raises(ShowhowError, match=message):
        read_manifest(tmp_path / "runs.json")


def test_costs_are_sorted_by_stage_and_target():
    jobs = (("train", "a"), ("score", "z"), ("train", "b"))
    table = costs_table([{"stage": stage, "target": target} for stage, target in jobs])
    assert table.to_numpy().tolist() == [["score", "z"], ["train", "a"], ["train", "b"]]


def test_details_are_those_of_the_variants_and_of_named_ones():
    details = detail_of_variants(["none", "long", "filler", "brief"], {"brief": "short"})
    assert details == {"none": 0, "long": 3, "filler": None, "brief": 1}


def test_a_variant_of_unknown_kind_says_which_option_to_give():
    with pytest.raises(ShowhowError, match=r'{"brief": KIND}'):
        detail_of_variants(["brief"])


def test_the_items_file_has_the_texts_and_gives_them_where_they_are_asked_for(tmp_path):
    entries = [
        write_run(tmp_path, "listops", 1, {"length": 4, "root": "MAX"}),
        write_run(tmp_path, "parity", 2, {"length": 4}),
    ]
    (tmp_path / "manifest.json").write_text(json.dumps(entries))
    runs = read_manifest(tmp_path / "manifest.json")
    items = items_table(runs)
    file = tmp_path / "items.parquet"
    write_items(items, runs, file)
    plain = read_table(file, ["id", "correct"])
    assert list(plain.columns) == list(items.columns)
    assert plain["root"].fillna("-").tolist() == ["MAX", "MAX", "-", "-"]
    texts = read_table(file, ["id", "prediction", "predicted"])
    assert texts["prediction"].tolist() == ["listops 1", "listops 1", "parity 2", "parity 2"]
    assert texts["predicted"].fillna("-").tolist() == ["5", "-", "5", "-"]
    (runs[1].directory / "predictions.jsonl").write_text('{"id": "other", "prediction": ""}\n')
    with pytest.raises(ShowhowError, match="no prediction of test-000000"):
        write_items(items, runs, file)
