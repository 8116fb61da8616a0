"""The smoke study, run for real: what it leaves behind is all there, and fits together."""

import json
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import product

import pandas as pd
import pytest
import yaml
from repository_copy import REPOSITORY

from showhow.base.rows import read_jsonl
from showhow.tasks import load_task
from showhow.tasks.problem import read_problems

STUDY = yaml.safe_load((REPOSITORY / "configs/smoke.yaml").read_text(encoding="utf-8"))
EXPLANATIONS = STUDY["studies"]["explanations"]
TABLES = "results-smoke/tables/explanations"
RUN_COLUMNS = ["study", "task", "variant", "model", "n_train", "match", "seed"]
COLUMNS = {
    f"{TABLES}.csv": [
        *(*RUN_COLUMNS, "parameters", "trainable_parameters", "split"),
        *("n_test", "n_correct", "accuracy", "ci_low"),
        *("ci_high", "last_character_accuracy", "step_accuracy", "truncated", "unparseable"),
        *("steps", "train_tokens", "target_tokens", "majority_accuracy", "copy_last_accuracy"),
        *("shortcut", "shortcut_accuracy", "train_length_low", "train_length_high", "final_loss"),
    ],
    f"{TABLES}-items.parquet": [
        *(*RUN_COLUMNS, "split", "id", "correct", "outcome", "truncated", "steps_expected"),
        *("steps_correct", "length", "depth", "root", "answer", "predicted", "prediction"),
    ],
    f"{TABLES}-groups.csv": [
        *("study", "task", "variant", "model", "n_train", "match", "split", "group", "value"),
        *("n_test", "n_correct", "accuracy", "ci_low", "ci_high"),
    ],
    f"{TABLES}-costs.csv": [
        *("stage", "target", "wall_seconds", "cpu_seconds", "startup_cpu_seconds"),
        *("peak_memory_mb", "tokens"),
    ],
    "results-smoke/claims/explanations.csv": [
        *("id", "statement", "criterion", "condition", "estimate", "ci_low", "ci_high", "p"),
        *("p_holm", "n", "unit", "verdict", "tasks", "rests_on", "scope", "note"),
    ],
    "results-smoke/claims/explanations-by-task.csv": [
        *("id", "task", "contrast", "estimate", "ci_low", "ci_high", "p", "n", "demand", "verdict"),
    ],
}
COLUMNS[f"{TABLES}.parquet"] = COLUMNS[f"{TABLES}.csv"]


def splits_of(task):
    return list(STUDY["tasks"][task]["test_size"])


def expected_runs():
    """Give every run's folder with its task, as the smoke study's grids say."""
    runs = {}
    for grid in EXPLANATIONS["grids"]:
        matched = f"-matched-{grid['match']}" if "match" in grid else ""
        for task, variant, model, size, seed in product(
            *(grid[key] for key in ("tasks", "variants", "models", "n_train", "seeds"))
        ):
            cell = f"{task}/{variant}/{model}/n{size}{matched}/seed{seed}"
            runs[f"results-smoke/runs/explanations/{cell}"] = task
    return runs


RUNS = expected_runs()


def the_table(study, name):
    path = study.folder / name
    return pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)


def expected_paths():
    """Name every result that a user may rely on."""
    yield from ("results-smoke/report.html", *COLUMNS)
    for figure in EXPLANATIONS["figures"]:
        yield from (f"results-smoke/figures/explanations/{figure}{end}" for end in (".pdf", ".png"))
    for run, task in RUNS.items():
        names = ("train.json", "predictions.jsonl", "scores.json", "items.jsonl")
        yield from (f"{run}/{name}" for name in names)
        variant, size = run.split("/")[4], re.search(r"/n(\d+)", run)[1]
        yield f"results-smoke/models/{run.split('/')[5]}/config.json"
        yield f"results-smoke/data/{task}/description.json"
        for split in (*splits_of(task), f"train-n{size}-draw{run.rpartition('seed')[2]}"):
            yield f"results-smoke/data/{task}/problems/{split}.jsonl"
            yield f"results-smoke/data/{task}/responses/{variant}/{split}.jsonl"


def test_every_promised_result_is_there_and_holds_something(smoke_study):
    paths = [smoke_study.folder / path for path in expected_paths()]
    assert [path for path in paths if not path.is_file() or path.stat().st_size == 0] == []


@pytest.mark.parametrize("table", COLUMNS)
def test_a_table_has_every_promised_column(smoke_study, table):
    assert set(COLUMNS[table]) <= set(the_table(smoke_study, table).columns)


def test_the_run_table_has_a_row_for_each_run_and_split(smoke_study):
    rows = the_table(smoke_study, f"{TABLES}.csv")
    assert len(rows) == sum(len(splits_of(task)) for task in RUNS.values())
    assert not rows.duplicated([*RUN_COLUMNS, "split"]).any()
    assert set(rows["study"]) == {"explanations"}


def test_the_run_table_is_the_same_in_csv_and_parquet(smoke_study):
    csv, parquet = (the_table(smoke_study, f"{TABLES}{end}") for end in (".csv", ".parquet"))
    pd.testing.assert_frame_equal(csv, parquet, check_dtype=False)


@pytest.mark.parametrize("table", [f"{TABLES}.csv", f"{TABLES}-items.parquet"])
def test_both_model_families_are_in_the_tables(smoke_study, table):
    models = set(the_table(smoke_study, table)["model"])
    assert models == {run.split("/")[5] for run in RUNS}
    assert {STUDY["models"][model]["family"] for model in models} == {"decoder", "t5"}


def test_the_manifest_lists_every_run(smoke_study):
    manifest = json.loads((smoke_study.folder / f"{TABLES}-runs.json").read_text())
    assert [run["directory"] for run in manifest] == list(RUNS)


def test_every_claim_has_a_verdict(smoke_study):
    claims = the_table(smoke_study, "results-smoke/claims/explanations.csv")
    assert list(claims["id"]) == EXPLANATIONS["claims"]
    assert set(claims["verdict"]) <= {"supported", "contradicted", "inconclusive"}


def test_every_finished_job_has_its_cost(smoke_study):
    costs = the_table(smoke_study, f"{TABLES}-costs.csv")
    jobs = Counter(costs["stage"])
    assert jobs["fine_tune"] == jobs["score"] == len(RUNS)
    assert jobs["draw_figure"] == len(EXPLANATIONS["figures"])
    assert (costs[["wall_seconds", "cpu_seconds", "peak_memory_mb"]] > 0).all(axis=None)


def test_figures_are_pdf_and_png(smoke_study):
    figures = smoke_study.folder / "results-smoke/figures/explanations"
    for figure in EXPLANATIONS["figures"]:
        assert (figures / f"{figure}.pdf").read_bytes().startswith(b"%PDF-")
        assert (figures / f"{figure}.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")


class Page(HTMLParser):
    """What a page loads, and what it says."""

    def __init__(self, text):
        super().__init__()
        self.loaded = re.findall(r"@import.*|url\([^)]*\)", text)
        self.images = 0
        self.words = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.images += tag == "img"
        named = dict(attrs)
        self.loaded += [
            named[name] for name in ("src", "srcset", "data", "poster") if name in named
        ]
        if tag == "link":
            self.loaded.append(named.get("href"))

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def report(smoke_study):
    return Page((smoke_study.folder / "results-smoke/report.html").read_text(encoding="utf-8"))


def test_the_report_is_one_file_that_loads_nothing(report):
    assert report.images >= len(EXPLANATIONS["figures"])
    assert [address for address in report.loaded if not address.startswith("data:")] == []


def test_the_report_shows_claims_configuration_and_costs(smoke_study, report):
    said = " ".join(report.words)
    claims = the_table(smoke_study, "results-smoke/claims/explanations.csv")
    expected = [EXPLANATIONS["title"], *claims["statement"], "mixture-half", "fine tune"]
    assert [words for words in expected if words not in said] == []


# The artefacts fit together.


@pytest.mark.parametrize("task", STUDY["tasks"])
def test_no_training_problem_is_a_test_problem_in_any_equal_form(smoke_study, task):
    canonical = load_task(STUDY["tasks"][task]["kind"]).canonical
    forms = {"train": set(), "test": set()}
    for file in smoke_study.files(f"results-smoke/data/{task}/problems/*.jsonl"):
        kind = "train" if file.stem.startswith("train-") else "test"
        problems = [canonical(problem) for problem in read_problems(file)]
        assert len(set(problems)) == len(problems)
        forms[kind].update(problems)
    assert forms["train"] and forms["test"]
    assert forms["train"].isdisjoint(forms["test"])


def test_a_smaller_training_set_is_the_beginning_of_a_larger_one(smoke_study):
    folder = smoke_study.folder / "results-smoke/data/listops"
    for kind in ("problems", "responses/none", "responses/medium"):
        small, large = (
            (folder / kind / f"train-n{size}-draw1.jsonl").read_text().splitlines()
            for size in (20, 40)
        )
        assert (len(small), len(large)) == (20, 40)
        assert large[:20] == small


def test_another_seed_trains_on_other_problems(smoke_study):
    folder = smoke_study.folder / "results-smoke/data/listops/problems"
    one, other = (
        {problem.prompt for problem in read_problems(folder / f"train-n40-draw{seed}.jsonl")}
        for seed in (1, 2)
    )
    assert len(one & other) < 20


@pytest.mark.parametrize("run", RUNS)
def test_every_problem_is_answered_once_and_in_order(smoke_study, run):
    asked = []
    for split in splits_of(RUNS[run]):
        problems = read_jsonl(
            smoke_study.folder / f"results-smoke/data/{RUNS[run]}/problems/{split}.jsonl"
        )
        assert len(problems) == STUDY["tasks"][RUNS[run]]["test_size"][split]
        asked += [(problem["id"], problem["prompt"]) for problem in problems]
    predictions = read_jsonl(smoke_study.folder / run / "predictions.jsonl")
    assert [(p["id"], p["prompt"]) for p in predictions] == asked


@pytest.mark.parametrize("run", RUNS)
def test_scored_items_add_up_to_the_scores(smoke_study, run):
    items = pd.DataFrame(read_jsonl(smoke_study.folder / run / "items.jsonl"))
    scores = json.loads((smoke_study.folder / run / "scores.json").read_text())["splits"]
    assert set(scores) == set(splits_of(RUNS[run])) == set(items["split"])
    for split, score in scores.items():
        part = items[items["split"] == split]
        outcomes = {name: count for name, count in score["outcomes"].items() if count}
        assert outcomes == dict(Counter(part["outcome"]))
        assert score["n_test"] == len(part)
        assert score["n_correct"] == part["correct"].sum()
        assert score["accuracy"] == pytest.approx(part["correct"].mean())
        assert score["truncated"] == part["truncated"].sum()
        assert score["last_character_accuracy"] == pytest.approx(
            part["last_character_correct"].mean()
        )
        steps = part["steps_expected"].sum()
        of_steps = part["steps_correct"].sum() / steps if steps else None
        assert score["step_accuracy"] == pytest.approx(of_steps)


def test_the_scores_of_the_runs_are_those_of_the_table(smoke_study):
    rows = the_table(smoke_study, f"{TABLES}.csv").groupby("split")
    per_split = rows[["n_test", "n_correct"]].sum()
    counted = Counter()
    for run in RUNS:
        scores = json.loads((smoke_study.folder / run / "scores.json").read_text())["splits"]
        for split, score in scores.items():
            counted.update({(split, key): score[key] for key in ("n_test", "n_correct")})
    assert counted == {
        (split, key): per_split.loc[split, key]
        for split in per_split.index
        for key in per_split.columns
    }
