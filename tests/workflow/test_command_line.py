"""Snakemake's own command line, on a copy of the repository: plans, targets, refusals."""

import json
from collections import Counter
from itertools import product
from pathlib import Path

import pytest
from repository_copy import SMOKE, RepositoryCopy, copy_of, copy_repository, planned_jobs

from showhow.tasks.knowledge.published_facts import RELATIONS
from showhow.tasks.problem import read_problems

ONE_RUN = "results-smoke/runs/explanations/listops/medium/decoder-tiny/n40/seed1"
AFTER_SCORING = {
    "tabulate_runs": 1,
    "decide_claims": 1,
    "draw_figure": 8,
    "tabulate_costs": 1,
    "write_report": 1,
    "report": 1,
}
DATA = {"generate_problems", "describe_data", "data"}
MODELS = {"write_corpus", "pretrain", "models"}
RUNS = {
    *("generate_problems", "write_responses", "write_corpus", "pretrain"),
    *("fine_tune", "predict", "score"),
}
TABLES = RUNS | {"describe_data", "list_runs", "tabulate_runs"}
CLAIMS = TABLES | {"decide_claims"}
FIGURES = CLAIMS | {"draw_figure"}
REPORT = FIGURES | {
    *("count_contamination", "tabulate_costs", "write_configuration", "write_report", "report"),
}
TARGETS = {
    "data": DATA,
    "models": MODELS,
    "runs": RUNS | {"runs"},
    "tables": TABLES | {"tables"},
    "claims": CLAIMS | {"claims"},
    "figures": FIGURES | {"figures"},
    "report": REPORT,
}


def rules(jobs):
    return Counter(job.rule for job in jobs)


def values(jobs, name):
    """Give the values that one wildcard has in those jobs that have it."""
    return {job.wildcards[name] for job in jobs if name in job.wildcards}


# A finished study.


def test_a_second_run_says_at_once_that_nothing_is_to_be_done(smoke_study):
    finished = smoke_study.snakemake("--cores", "2", "--quiet", "rules", *SMOKE)
    assert finished.status == 0
    assert "Nothing to be done" in finished.said
    start = smoke_study.snakemake("--help")
    assert finished.cpu_seconds < 4 * start.cpu_seconds, "planning costs more than starting"


def test_a_finished_study_plans_nothing_whatever_the_target(smoke_study):
    assert smoke_study.plan(*TARGETS, *SMOKE) == []


def test_a_finished_study_is_finished_in_another_folder(moved_study):
    assert moved_study.plan(*SMOKE) == []


def test_scoring_again_concerns_the_scores_and_what_is_made_of_them(smoke_study):
    jobs = rules(smoke_study.plan("--forcerun", "score", *SMOKE))
    runs = len(smoke_study.files("results-smoke/runs/**/scores.json"))
    assert jobs == {"score": runs, **AFTER_SCORING}


def test_what_was_deleted_is_made_again_to_the_same_bytes(finished_study, tmp_path):
    study = copy_of(RepositoryCopy(finished_study), tmp_path / "moved study")
    results = ("results/tables/*", "results/claims/*", "results/figures/**/*")
    before = study.contents(*results)
    for path in before:
        (study.folder / path).unlink()
    said = study.make("figures")
    assert "fine_tune" not in said
    after = study.contents(*results)
    costs = "results/tables/tiny-costs.csv"
    assert before.keys() - after.keys() == {costs}
    assert after == {path: content for path, content in before.items() if path != costs}


def test_snakemakes_own_report_shows_the_figures(smoke_study, tmp_path):
    file = tmp_path / "report.html"
    smoke_study.make("--report", str(file), *SMOKE)
    page = file.read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "overview.png" in page


# Four problem sets (one to train on for each seed), their responses in two variants, four runs, and
# a report of their own.
MINE = {
    "generate_problems": 4,
    "describe_data": 1,
    "count_contamination": 1,
    "write_responses": 8,
    "fine_tune": 4,
    "predict": 4,
    "score": 4,
    "list_runs": 1,
    "tabulate_runs": 1,
    "decide_claims": 1,
    "draw_figure": 1,
    "tabulate_costs": 1,
    "write_configuration": 1,
    "write_report_of_study": 1,
    "mine": 1,
}
NEW_TASK = '''
"""Parity under another name, as a user's own task would be."""

from showhow.tasks.parity import Parity


class Evenness(Parity):
    kind = "evenness"


TASK = Evenness()
'''
NEW_STUDY = """
  mine:
    grids:
      - name: mine
        tasks: [mine]
        variants: [none, medium]
        models: [decoder-tiny]
        n_train: [20]
        seeds: [1, 2]
"""


def test_a_new_task_is_one_new_file_and_only_its_runs_are_planned(moved_study):
    tasks = moved_study.folder / "workflow_scripts/showhow/tasks"
    (tasks / "evenness.py").write_text(NEW_TASK)
    smoke = (moved_study.folder / "configs/smoke.yaml").read_text()
    mine = smoke.replace("\ntasks:\n", "\ntasks:\n  mine: {kind: evenness}\n") + NEW_STUDY
    (moved_study.folder / "mine.yaml").write_text(mine)
    jobs = moved_study.plan("mine", "--configfile", "mine.yaml")
    assert rules(jobs) == MINE
    assert values(jobs, "task") == {"mine"}
    assert values(jobs, "study") == {"mine"}


# Plans from nothing.


@pytest.mark.parametrize("target", TARGETS)
def test_a_named_target_makes_what_it_needs_and_no_more(fresh_copy, target):
    assert set(rules(fresh_copy.plan(target, *SMOKE))) == TARGETS[target]


def test_the_plan_does_not_depend_on_the_number_of_cores(fresh_copy):
    one, two = (fresh_copy.plan(*SMOKE, cores=cores) for cores in (1, 2))
    assert Counter(map(str, one)) == Counter(map(str, two))
    assert rules(one)["fine_tune"] > 0


def test_the_plan_for_one_run_is_that_run(fresh_copy):
    jobs = fresh_copy.plan(f"{ONE_RUN}/scores.json", *SMOKE)
    assert set(rules(jobs)) == RUNS
    assert rules(jobs)["fine_tune"] == rules(jobs)["pretrain"] == rules(jobs)["score"] == 1
    assert values(jobs, "variant") == {"medium"}
    assert values(jobs, "split") == {"test", "longer", "deeper", "train-n40-draw1"}


def test_the_paper_study_plans(fresh_copy):
    finished = fresh_copy.snakemake("--dry-run", "--configfile", "configs/paper.yaml")
    assert finished.status == 0, finished.said[-10_000:]
    assert finished.cpu_seconds < 60
    jobs = planned_jobs(finished.said)
    runs = [job for job in jobs if job.rule == "fine_tune"]
    levels = [
        run
        for run in runs
        if run.wildcards["variant"] in ("none", "short", "medium", "long")
        and "matched" not in run.wildcards["budget"]
    ]
    models, details, sizes, seeds, controls = 4, 4, 6, 5, 5
    assert len(levels) == models * details * sizes * seeds
    matched = seeds
    assert len(runs) == len(levels) + controls * seeds + matched
    assert rules(jobs)["download"] == models
    assert "pretrain" not in rules(jobs)


def write_entity_questions(folder: Path) -> None:
    """Write as many questions of each relation as the paper's study draws from them."""
    for split, name in product(("train", "test"), RELATIONS):
        asked = RELATIONS[name].question
        questions = [
            {"question": asked.format(f"{split} {name} {number}"), "answers": [f"{number}"]}
            for number in range(2100)
        ]
        file = folder / split / f"{name}.{split}.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(questions))


def test_the_knowledge_study_of_the_paper_plans_with_its_resources(fresh_copy, tmp_path):
    write_entity_questions(tmp_path)
    folder = f"{{settings: {{folder: {tmp_path}}}}}"
    files = f"tasks={{entity-questions: {folder}, other-questions: {folder}}}"
    paper = ("--configfile", "configs/ye2024.yaml", "--config", files)
    finished = fresh_copy.snakemake("--dry-run", *paper)
    assert finished.status == 0, finished.said[-10_000:]
    runs = [job for job in planned_jobs(finished.said) if job.rule == "fine_tune"]
    models, levels, sizes, fewest, seeds = 4, 6, 6, 2, 3
    controls = 2 * 2 * seeds + 2 * seeds
    assert len(runs) == models * seeds * (levels * sizes + fewest) + controls
    resources = finished.said[finished.said.index("rule fine_tune:") :]
    assert "gpu=8" in resources
    assert "sharded=1" in resources


def test_the_data_stage_reads_files_in_the_format_of_entity_questions(tmp_path):
    copy = copy_repository(tmp_path / "copy")
    settings = {
        "folder": "tests/tasks/entity_questions",
        "relations": ["P17", "P36"],
        "unseen_relations": ["P50"],
    }
    task = {"settings": settings, "test_size": {"test": 4, "unseen": 2}}
    changed = f"tasks={json.dumps({'entity-questions': task})}"
    made = "results-ye2024/data/entity-questions/problems"
    paper = ("--configfile", "configs/ye2024.yaml", "--config", changed)
    copy.make(*paper, "--", f"{made}/train-n7.jsonl", f"{made}/unseen.jsonl")
    assert len(read_problems(copy.folder / made / "train-n7.jsonl")) == 7
    assert all(p.beginnings for p in read_problems(copy.folder / made / "unseen.jsonl"))


def test_the_default_study_plans_without_a_network(fresh_copy):
    jobs = rules(fresh_copy.plan())
    assert jobs["fine_tune"] == 65 and jobs["pretrain"] == 5
    assert "download" not in jobs


def test_the_rules_are_clean(fresh_copy):
    finished = fresh_copy.snakemake("--lint")
    assert finished.status == 0, finished.said
    assert "Congratulations" in finished.said


def test_a_file_is_made_when_its_path_is_asked_for(tmp_path):
    copy = copy_repository(tmp_path / "copy")
    file = "results-smoke/data/listops/responses/medium/test.jsonl"
    copy.make(file, *SMOKE)
    assert len((copy.folder / file).read_text().splitlines()) == 12
    assert copy.plan(file, *SMOKE) == []
    made = [
        str(path.relative_to(copy.folder)) for path in copy.files("results-smoke/data/**/*.jsonl")
    ]
    assert made == ["results-smoke/data/listops/problems/test.jsonl", file]


# Refusals: (what is right, what is written, the line and key that are named, the remedy).

WRONG = {
    "an unknown task": ("kind: listops", "kind: listop", "tasks.listops.kind", "listops"),
    "a misspelled key": ("  epochs: 1", "  epoch: 1", "training.epoch", "did you mean epochs?"),
    "a variant that does not exist": (
        "[none, short, medium, long]",
        "[none, shrot, medium, long]",
        "studies.explanations.grids[0].variants[1]",
        "did you mean short?",
    ),
    "a negative size": (
        "{test: 12, longer: 6, deeper: 6}",
        "{test: -12, longer: 6, deeper: 6}",
        "tasks.listops.test_size.test is -12",
        "write a number above 0",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_configuration_stops_before_any_job(fresh_copy, case):
    right, wrong, key, remedy = WRONG[case]
    smoke = (fresh_copy.folder / "configs/smoke.yaml").read_text()
    line = smoke[: smoke.index(right)].count("\n") + 1
    (fresh_copy.folder / "wrong.yaml").write_text(smoke.replace(right, wrong, 1))
    finished = fresh_copy.snakemake("--cores", "2", "--configfile", "wrong.yaml")
    assert finished.status != 0
    sentence = next(said for said in finished.said.splitlines() if "wrong.yaml, line" in said)
    assert f"wrong.yaml, line {line}: {key}" in sentence
    assert remedy in sentence
    assert "Traceback" not in finished.said
    assert not (fresh_copy.folder / "results-smoke").exists()
