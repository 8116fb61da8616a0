"""Which weights stay, and that a finished run is finished with or without them."""

import json
import shutil
import subprocess
import sys

import pytest
from repository_copy import planned_jobs

from stages.keep_best import Options, keep_best
from tiny_study import configuration, snakemake, write_configuration

SETTINGS = ("none", "adapters", "best", "all")
WHOLE, ADAPTED = "small", "small-adapted"


def study(weights, seeds=(1, 2)):
    """Give a study of two models, one of which is trained by an adapter."""
    config = configuration()
    adapted = {"optimizer": "adamw", "adapter": {"rank": 2}}
    config["models"][ADAPTED] = {**config["models"][WHOLE], "training": adapted}
    config["keeping"] = {"weights": weights}
    [grid] = config["studies"]["tiny"]["grids"]
    grid |= {"variants": ["none"], "models": [WHOLE, ADAPTED], "seeds": list(seeds)}
    return config


def made(*arguments):
    done = snakemake(*arguments, "--", "runs")
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture(scope="module")
def without_runs(finished_study, tmp_path_factory):
    """Give a copy of the workflow in which all is there but the runs."""
    folder = tmp_path_factory.mktemp("keeping") / "study"
    shutil.copytree(finished_study, folder, symlinks=True)
    shutil.rmtree(folder / "results/runs")
    write_configuration(folder, study("none"))
    done = snakemake(folder, "--", "data", "models")
    assert done.returncode == 0, done.stdout
    return folder


@pytest.fixture(scope="module")
def studies(without_runs, tmp_path_factory):
    """Give, for each setting, the study that was done under it."""
    done = {}
    for weights in SETTINGS:
        done[weights] = tmp_path_factory.mktemp(weights) / "study"
        shutil.copytree(without_runs, done[weights], symlinks=True)
        write_configuration(done[weights], study(weights))
        made(done[weights])
    return done


@pytest.fixture
def copy_of_study(studies, tmp_path):
    return lambda weights: shutil.copytree(studies[weights], tmp_path / "copy", symlinks=True)


def folders_of_weights(folder):
    """List the folders with weights as model/seed/name."""
    files = folder.glob("results/runs/**/*.safetensors")
    return sorted("/".join(file.parts[-5:-1]).replace("n8/", "") for file in files)


def seeds_kept(folder, model):
    record = folder / f"results/kept/tiny/bits/none/{model}/n8.json"
    return json.loads(record.read_text())


@pytest.mark.parametrize(
    ("weights", "kept"),
    [
        ("none", []),
        ("adapters", [f"{ADAPTED}/seed{seed}/model" for seed in (1, 2)]),
        ("all", [f"{model}/seed{seed}/model" for model in (WHOLE, ADAPTED) for seed in (1, 2)]),
    ],
)
def test_a_setting_says_which_weights_stay(studies, weights, kept):
    assert folders_of_weights(studies[weights]) == sorted(kept)


def test_of_the_seeds_of_a_condition_the_best_keeps_its_weights(studies):
    best = {model: seeds_kept(studies["best"], model)["seed"] for model in (WHOLE, ADAPTED)}
    kept = [f"{model}/seed{seed}/model" for model, seed in best.items()]
    assert folders_of_weights(studies["best"]) == sorted(kept)


def test_the_weights_that_stay_are_those_that_were_asked(studies):
    everything = folders_of_weights(studies["all"])
    for weights in ("best", "adapters"):
        for name in folders_of_weights(studies[weights]):
            model, seed, _ = name.split("/")
            assert f"{model}/{seed}/model" in everything
            run = f"results/runs/tiny/bits/none/{model}/n8/{seed}"
            for file in (studies[weights] / run / name.split("/")[-1]).glob("*.safetensors"):
                assert (
                    file.read_bytes() == (studies["all"] / run / "model" / file.name).read_bytes()
                )


def test_no_setting_changes_a_result(studies):
    def results(folder):
        files = sorted(folder.glob("results/runs/**/*.json*"))
        return {
            str(file.relative_to(folder)): file.read_bytes()
            for file in files
            if file.parent.name != "model"
        }

    everything = results(studies["all"])
    assert len(everything) == 4 * 4
    assert all(results(studies[weights]) == everything for weights in SETTINGS)


@pytest.mark.parametrize("weights", ["adapters", "best", "all"])
def test_weights_deleted_by_hand_make_no_finished_run_stale(weights, copy_of_study):
    folder = copy_of_study(weights)
    for name in folders_of_weights(folder):
        model, seed, kept = name.split("/")
        shutil.rmtree(folder / f"results/runs/tiny/bits/none/{model}/n8/{seed}/{kept}")
    assert folders_of_weights(folder) == []
    assert "Nothing to be done" in made(folder, "--dry-run")
    plan = [sys.executable, "workflow_scripts/run.py", "plan", "--cores", "1", "runs"]
    said = subprocess.run(plan, cwd=folder, capture_output=True, text=True, check=True).stdout
    assert said.startswith("Nothing to do: all ")


@pytest.mark.parametrize(
    ("before", "after"),
    [("none", "all"), ("none", "best"), ("adapters", "none"), ("best", "all"), ("all", "best")],
)
def test_another_setting_makes_no_finished_run_stale(before, after, copy_of_study):
    folder = copy_of_study(before)
    write_configuration(folder, study(after))
    planned = {job.rule for job in planned_jobs(made(folder, "--dry-run"))}
    assert planned <= ({"keep_best", "runs"} if after == "best" else set())


def test_new_evaluation_settings_ask_kept_adapters_again(copy_of_study):
    folder = copy_of_study("adapters")
    changed = study("adapters")
    changed["evaluation"] = {"max_new_tokens": 4}
    write_configuration(folder, changed)
    jobs = planned_jobs(made(folder, "--dry-run"))
    trained = {job.wildcards["model"] for job in jobs if job.rule.startswith("fine_tune")}
    assert trained == {WHOLE}
    asked = [job.wildcards["model"] for job in jobs if job.rule == "predict"]
    assert sorted(asked) == [WHOLE, WHOLE, ADAPTED, ADAPTED]


def test_a_training_goes_by_one_name_whatever_it_keeps(copy_of_study):
    folder = copy_of_study("adapters")
    changed = study("adapters", seeds=(1, 2, 3))
    write_configuration(folder, changed)
    plan = [sys.executable, "workflow_scripts/run.py", "plan", "--cores", "1", "runs"]
    said = subprocess.run(plan, cwd=folder, capture_output=True, text=True, check=True).stdout
    [line] = [line.split() for line in said.splitlines() if line.startswith("fine_tune")]
    assert line[:5] == ["fine_tune", "6", "4", "2", "0"]
    watch = [sys.executable, "workflow_scripts/run.py", "watch", "--once", "runs"]
    said = subprocess.run(watch, cwd=folder, capture_output=True, text=True, check=True).stdout
    assert "fine_tune_adapter" not in said


def test_whose_weights_are_gone_can_still_be_named_the_best(copy_of_study):
    folder = copy_of_study("none")
    write_configuration(folder, study("best"))
    said = made(folder)
    assert "fine_tune" not in said
    assert seeds_kept(folder, WHOLE)["seed"] in (1, 2)
    assert folders_of_weights(folder) == []


def test_a_new_seed_competes_with_the_best_of_those_before(copy_of_study):
    folder = copy_of_study("best")
    write_configuration(folder, study("best", seeds=(1, 2, 3)))
    jobs = planned_jobs(made(folder, "--dry-run"))
    assert {job.wildcards["seed"] for job in jobs if job.rule in ("fine_tune", "predict")} == {"3"}
    made(folder)
    for model in (WHOLE, ADAPTED):
        assert set(seeds_kept(folder, model)["accuracy"]) == {"1", "2", "3"}
    assert len(folders_of_weights(folder)) == 2


# The choice itself.


def runs_with(folder, accuracies):
    folders = {}
    for seed, accuracy in accuracies.items():
        run = folder / f"seed{seed}"
        (run / "model").mkdir(parents=True)
        scores = {"splits": {"test": {"accuracy": accuracy}, "longer": {"accuracy": 1 - accuracy}}}
        (run / "scores.json").write_text(json.dumps(scores))
        folders[seed] = run
    return folders


@pytest.mark.parametrize(
    ("accuracies", "best"),
    [
        ({1: 0.2, 2: 0.7, 3: 0.5}, 2),
        ({3: 0.7, 10: 0.7, 4: 0.1}, 3),
        ({10: 0.7, 9: 0.7}, 9),
        ({5: 0.0}, 5),
    ],
)
def test_the_best_on_the_test_split_stays_and_of_equals_the_smallest_seed(
    accuracies, best, tmp_path
):
    runs = runs_with(tmp_path, accuracies)
    keep_best(Options(runs=runs, output=tmp_path / "kept.json"))
    assert [folder.parent.name for folder in tmp_path.glob("seed*/model")] == [f"seed{best}"]
    first = (tmp_path / "kept.json").read_bytes()
    assert json.loads(first)["seed"] == best
    keep_best(Options(runs=dict(reversed(runs.items())), output=tmp_path / "kept.json"))
    assert (tmp_path / "kept.json").read_bytes() == first
