"""What `make forecast` says: arithmetic, records in its place, time, disk, and what goes wrong."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from showhow.base.errors import ShowhowError
from showhow.forecast.disk import disk_of
from showhow.forecast.gpus import device_named, device_of, read_devices
from showhow.forecast.schedule import (
    JobForecast,
    compare,
    forecast_job,
    speeds_of,
    wall_seconds,
)
from showhow.forecast.text_estimates import TextEstimates
from showhow.forecast.wording import unpinned, warnings_of
from showhow.forecast.workload import Workload, Workloads
from showhow.models.shapes import shape_of
from showhow.models.sizes import parameters_of
from showhow.recipes.training import AdapterRecipe, CheckpointChoice
from showhow.staleness.plan import CostRecord, PlannedJob, read_cost_records
from showhow.study.grid import all_runs
from showhow.study.resources import Request, read_resources, request_of
from showhow.study.validation import load_configuration

REPOSITORY = Path(__file__).parents[2]
PAPER = REPOSITORY / "configs/paper.yaml"
DEVICES = read_devices(REPOSITORY / "profiles/gpus.yaml")
TABLE = read_resources(REPOSITORY / "profiles/resources.yaml")
SIZES = ("t5-small", "t5-base", "t5-large", "t5-3b")
RUN = "explanations/listops-30/{variant}/{model}/{budget}/seed1"


@pytest.fixture(scope="module")
def paper():
    return load_configuration(yaml.safe_load(PAPER.read_text()), [PAPER])


def workloads_of(configuration, folder):
    bases = {name: folder / name for name in configuration.models}
    shapes = {name: shape_of(model, bases[name]) for name, model in configuration.models.items()}
    return Workloads(configuration, shapes, TextEstimates(configuration, bases))


@pytest.fixture(scope="module")
def workloads(paper, tmp_path_factory):
    return workloads_of(paper, tmp_path_factory.mktemp("models"))


def job(stage="fine_tune", model="t5-small", variant="medium", budget="n3000"):
    run = RUN.format(variant=variant, model=model, budget=budget)
    return PlannedJob(stage, model, f"{stage}/{run}.json", "new")


def seconds(workloads, device="A100", **of):
    return workloads.of(job(**of).cost, DEVICES[device]).seconds(DEVICES[device])


# The arithmetic of a study.


@given(st.sampled_from([3000, 6000, 48000]), st.sampled_from(["none", "long"]), st.data())
@settings(max_examples=20, deadline=None)
def test_more_examples_and_larger_models_take_longer(workloads, n, variant, data):
    smaller, larger = sorted(data.draw(st.permutations(range(4)))[:2])
    given = {"variant": variant, "budget": f"n{n}"}
    assert seconds(workloads, model=SIZES[smaller], **given) < seconds(
        workloads, model=SIZES[larger], **given
    )
    twice = {"variant": variant, "budget": f"n{2 * n}"}
    for model in (SIZES[smaller], SIZES[larger]):
        assert seconds(workloads, model=model, **given) < seconds(workloads, model=model, **twice)


def test_longer_responses_take_longer_to_train_and_to_write(workloads):
    levels = ("none", "short", "medium", "long")
    trained = [seconds(workloads, variant=level, model="t5-large") for level in levels]
    written = [seconds(workloads, stage="predict", variant=level) for level in levels]
    assert trained == sorted(trained)
    assert written == sorted(written)


def test_a_run_matched_on_target_tokens_sees_as_many_as_its_reference(workloads, paper):
    def target_tokens(variant, budget):
        steps = workloads.of(job(variant=variant, budget=budget).cost, DEVICES["A100"]).tokens
        texts = workloads.texts.texts("listops-30", variant, "train", "t5-small")
        share = sum(t.response for t in texts) / sum(t.prompt + t.response for t in texts)
        return steps * share

    matched = target_tokens("none", "n3000-matched-target_tokens")
    assert matched == pytest.approx(target_tokens("medium", "n3000"), rel=0.01)


def test_a_tokenizer_that_is_here_counts_in_place_of_words(paper, tmp_path):
    from small_models import foreign_t5_folder

    foreign_t5_folder(tmp_path / "t5-small")
    texts = TextEstimates(paper, {name: tmp_path / name for name in paper.models})
    by_character = texts.texts("listops-30", "none", "test", "t5-small")
    by_word = texts.texts("listops-30", "none", "test", "t5-base")
    assert sum(t.prompt for t in by_character) > sum(t.prompt for t in by_word)


@pytest.mark.parametrize("name", ["config.yaml", "configs/smoke.yaml", "configs/paper.yaml"])
def test_every_run_of_the_shipped_studies_has_a_workload(name, tmp_path):
    assert_known(REPOSITORY / name, tmp_path)


@pytest.mark.parametrize("file", sorted(REPOSITORY.glob("configs/*familiarity*.yaml")))
def test_responses_that_depend_on_the_base_are_estimated_too(file, tmp_path):
    assert_known(file, tmp_path)


def assert_known(file, folder):
    configuration = load_configuration(yaml.safe_load(file.read_text()), [file])
    workloads = workloads_of(configuration, folder)
    for run in all_runs(configuration):
        cost = run.directory.removeprefix("results/runs/")
        for job in (f"fine_tune/{cost}.json", f"predict/{cost}.json"):
            workload = workloads.of(job, DEVICES["cpu"])
            assert workload.operations > 0 and workload.tokens > 0, job


def test_how_well_a_base_knows_facts_is_estimated_by_completions(tmp_path):
    file = REPOSITORY / "configs/smoke-knowledge.yaml"
    configuration = load_configuration(yaml.safe_load(file.read_text()), [file])
    workloads, cpu = workloads_of(configuration, tmp_path), DEVICES["cpu"]
    run = all_runs(configuration)[0]
    some, in_full = (
        workloads.of(f"{stage}/{run.model}/{run.task}/test.json", cpu)
        for stage in ("measure_memory", "measure_memory_in_full")
    )
    templates = len(workloads.texts.problems(run.task, "test")[0].beginnings)
    problems = configuration.tasks[run.task].test_size["test"]
    assert some.tokens == problems * templates * configuration.memory.samples
    assert in_full.tokens > 0 and some.operations > 0


def test_an_adapter_takes_less_time_and_memory_than_all_weights(paper, tmp_path):
    adapted = paper.training.model_copy(update={"adapter": AdapterRecipe()})
    whole = workloads_of(paper, tmp_path).of(job().cost, DEVICES["A100"])
    study = paper.model_copy(update={"training": adapted})
    little = workloads_of(study, tmp_path).of(job().cost, DEVICES["A100"])
    assert little.operations < whole.operations
    assert little.memory < whole.memory
    assert disk_of([job()], study, workloads_of(study, tmp_path).texts, 1).while_running < 10**8


def test_to_choose_a_checkpoint_takes_as_long_as_its_questions(paper, tmp_path):
    last = workloads_of(paper, tmp_path).of(job().cost, DEVICES["A100"])
    found = {}
    for every in ("epoch", 10**9):
        choose = CheckpointChoice(every=every)
        training = paper.training.model_copy(update={"choose": choose})
        choosing = paper.model_copy(update={"training": training})
        found[every] = workloads_of(choosing, tmp_path).of(job().cost, DEVICES["A100"])
    once, often = (replace(found[every], memory=0) for every in (10**9, "epoch"))
    asked = once.operations - last.operations
    assert asked > 0
    times = paper.training.epochs
    assert often.operations == pytest.approx(last.operations + times * asked, rel=1e-6)
    assert often.tokens == pytest.approx(last.tokens + times * (once.tokens - last.tokens))
    assert found["epoch"].memory > last.memory, "a copy of the best weights is held"


def test_each_base_of_a_model_is_pretrained_and_as_much_work(tmp_path):
    smoke = REPOSITORY / "configs/smoke.yaml"
    configuration = load_configuration(yaml.safe_load(smoke.read_text()), [smoke])
    workloads = workloads_of(configuration, tmp_path)
    first, second = (
        workloads.of(f"pretrain/decoder-tiny{end}.json", DEVICES["cpu"]) for end in ("", "@base2")
    )
    assert first is not None
    assert first == second


def test_jobs_that_compute_nothing_and_those_of_other_studies_have_no_workload(workloads):
    for cost in ("score/x/y/none/t5-small/n10/seed1.json", "pretrain/t5-small-of-old.json"):
        assert workloads.of(cost, DEVICES["A100"]) is None
    assert workloads.of(job(model="another").cost, DEVICES["A100"]) is None


# Records.


def record(model, seconds, tokens=1000, gpu="NVIDIA A100-SXM4-80GB", stage="fine_tune"):
    return CostRecord(f"{stage}/{model}.json", stage, model, seconds, tokens, (gpu,))


def test_recorded_speeds_win_by_model_and_else_by_the_nearest_size():
    sizes = {"small": 10, "middle": 100, "large": 1000}
    records = [record("small", 2.0), record("small", 4.0), record("large", 80.0)]
    speeds = speeds_of(records, sizes, DEVICES)
    assert speeds.of("fine_tune", "small", "A100") == (0.003, "records")
    per_token, source = speeds.of("fine_tune", "middle", "A100")
    assert source == "records of another size"
    assert per_token in (pytest.approx(0.03), pytest.approx(0.008))
    assert speeds.of("fine_tune", "small", "H100") is None
    assert speeds.of("predict", "small", "A100") is None
    without_tokens = speeds_of([record("small", 2.0, tokens=0)], sizes, DEVICES)
    assert without_tokens.of("fine_tune", "small", "A100") is None


def test_a_job_is_forecast_by_records_where_there_are_any(workloads, paper):
    sizes = {name: parameters_of(model) for name, model in paper.models.items()}
    nothing = speeds_of([], sizes, DEVICES)
    some = speeds_of([record("t5-small", 500.0)], sizes, DEVICES)
    by_arithmetic = forecast_job(job(), "A100", 1, workloads, nothing, DEVICES)
    by_records = forecast_job(job(), "A100", 1, workloads, some, DEVICES)
    assert by_arithmetic.source == "arithmetic"
    assert by_records.source == "records"
    assert by_records.seconds == pytest.approx(0.5 * by_records.workload.tokens)


def test_the_device_of_a_record_is_told_by_the_name_that_its_driver_reports():
    assert device_of(DEVICES, []) == "cpu"
    assert device_of(DEVICES, ["NVIDIA A100-SXM4-80GB"]) == "A100"
    assert device_of(DEVICES, ["NVIDIA A100-PCIE-40GB"]) == "A100-40GB"
    assert device_of(DEVICES, ["NVIDIA H200"]) == "H200"
    assert device_of(DEVICES, ["some other"]) is None
    assert device_named(DEVICES, "h100") == "H100"
    with pytest.raises(ShowhowError, match="did you mean H100"):
        device_named(DEVICES, "H1000")


def test_forecast_and_actual_stand_side_by_side(workloads, tmp_path):
    device = DEVICES["cpu"]
    cost = job().cost
    took = workloads.of(cost, device).seconds(device) * 3
    file = tmp_path / cost
    file.parent.mkdir(parents=True)
    content = {"wall_seconds": took - 1, "startup_cpu_seconds": 1, "tokens": 5}
    file.write_text(json.dumps(content))
    [one] = compare(read_cost_records(tmp_path, SIZES), workloads, DEVICES)
    assert (one.stage, one.model, one.device, one.jobs) == ("fine_tune", "t5-small", "cpu", 1)
    assert one.ratio == pytest.approx(3)


# Time and disk.

NOTHING = Workload(0, 0, 0, 0, 0, False)
durations = st.lists(st.floats(1, 100), min_size=1, max_size=12)


def forecasts_of(durations, gpus=1):
    return [
        JobForecast(
            job(stage, budget=f"n{number}"),
            "A100",
            gpus,
            seconds,
            NOTHING,
            "arithmetic",
        )
        for number, seconds in enumerate(durations, start=1)
        for stage in ("fine_tune", "predict")
    ]


@given(durations, st.integers(1, 6))
def test_the_wall_time_lies_between_perfect_sharing_and_no_sharing(durations, gpus):
    forecasts = forecasts_of(durations)
    work = sum(one.seconds for one in forecasts)
    wall = wall_seconds(forecasts, gpus, cores=1)
    longest_run = 2 * max(durations)
    assert max(work / gpus, longest_run) <= wall * 1.000001
    assert wall <= work / gpus + longest_run + 1e-6
    assert wall_seconds(forecasts, 1, cores=1) == pytest.approx(work)


def test_a_job_of_several_gpus_takes_them_all():
    assert wall_seconds(forecasts_of([5, 5], gpus=2), 2, cores=1) == pytest.approx(20)
    assert wall_seconds([], 2, cores=1) == 0


def test_the_disk_holds_models_data_and_the_weights_of_what_runs(paper, workloads):
    def disk(*jobs, at_once=1, configuration=paper):
        return disk_of(list(jobs), configuration, workloads.texts, at_once)

    fetched = PlannedJob("download", "t5-3b", "download/t5-3b.json", "new")
    assert disk(fetched).stays == pytest.approx(4 * 2_851_598_336, rel=0.01)
    data = "generate_problems/listops-30/train-n{}.json"
    small, large = (
        PlannedJob("generate_problems", "", data.format(n), "new") for n in (10**4, 10**6)
    )
    assert disk(large).stays == pytest.approx(100 * disk(small).stays, rel=0.05)
    training = disk(job(), job(model="t5-3b"))
    assert training.stays < 10**6 < 4 * 2_851_598_336 < training.while_running
    assert disk(job(), job(), at_once=2).while_running == 2 * disk(job()).while_running
    keeping = paper.keeping.model_copy(update={"weights": "all"})
    kept = disk(job(), configuration=paper.model_copy(update={"keeping": keeping}))
    assert kept.stays == pytest.approx(4 * 60_506_624, rel=0.01)


# What may go wrong.


def warned(workloads, paper, request, device="A100", **of):
    nothing = speeds_of([], {}, DEVICES)
    one = forecast_job(job(**of), device, request.gpus, workloads, nothing, DEVICES)
    return warnings_of([one], {(one.job.stage, one.job.model): request}, DEVICES, paper)


def test_the_papers_rows_hold_its_models_on_40_gb(workloads, paper):
    for model in SIZES:
        asked = request_of(TABLE, "fine_tune", parameters_of(paper.models[model]))
        said = warned(workloads, paper, asked, "A100-40GB", model=model, variant="long")
        assert not said, said


def test_rows_that_are_too_small_are_named(workloads, paper):
    asked = Request(gpus=1, gpu_model=None, cores=1, memory_mb=96000, minutes=1440)
    [memory] = warned(workloads, paper, asked, "RTX-4090", model="t5-3b", variant="long")
    assert "fine_tune of t5-3b holds about" in memory
    assert "24.0 GB of one RTX-4090: make micro_batch_size smaller" in memory
    [node] = warned(workloads, paper, replace(asked, memory_mb=8000), model="t5-3b")
    assert "raise memory_mb" in node
    [time] = warned(workloads, paper, replace(asked, minutes=10), model="t5-3b")
    assert "its row gives 10 min 00 s" in time and "go on from its checkpoint" in time
    [number] = warned(workloads, paper, asked, "V100")
    assert "V100 has no bf16" in number


def test_a_revision_that_moves_is_named_with_the_commit_to_pin(paper, tmp_path):
    assert unpinned(paper, paper.models, tmp_path) == []
    moving = paper.models["t5-small"].model_copy(update={"revision": "main"})
    study = paper.model_copy(update={"models": {"t5-small": moving}})
    (tmp_path / "t5-small").mkdir()
    (tmp_path / "t5-small/source.json").write_text('{"commit": "abc"}')
    [said] = unpinned(study, ["t5-small"], tmp_path)
    assert "models.t5-small.revision is main, which may move: pin the commit abc" in said


# The command.


def forecast(folder, *options):
    """Run what `make forecast` runs, and give its lines with single spaces."""
    done = subprocess.run(
        [sys.executable, "workflow_scripts/run.py", "forecast", *options],
        cwd=folder,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [" ".join(line.split()) for line in done.stdout.splitlines()]


def one_run_of_each_size():
    run = "results-paper/runs/explanations/listops-30/medium/{}/n96000/seed1/scores.json"
    return [run.format(model) for model in SIZES]


def test_the_forecast_of_the_paper_study_prints(fresh_copy):
    options = ("--gpus", "8", "--gpu", "h100", "--configfile", "configs/paper.yaml")
    lines = forecast(fresh_copy.folder, *options, "--", *one_run_of_each_size())
    for stage in ("fine_tune", "predict"):
        for model in SIZES:
            assert any(line.startswith(f"{stage} {model} 1 1 x H100 ") for line in lines)
    sums = [line for line in lines if line.startswith(("Jobs", "GPU hours", "Wall time", "Disk"))]
    assert len(sums) == 4
    assert sums[2].endswith("on 8 GPUs")


def test_after_a_study_the_forecast_stands_beside_what_it_took(finished_study, tmp_path):
    folder = shutil.copytree(finished_study, tmp_path / "copy")
    lines = forecast(folder, "--cores", "2")
    assert lines[0] == "Nothing to forecast: all results are up to date."
    finished = lines[lines.index("Finished: forecast beside actual") + 2 :]
    assert [line.split()[:4] for line in finished] == [
        ["pretrain", "small", "cpu", "1"],
        ["fine_tune", "small", "cpu", "2"],
        ["predict", "small", "cpu", "2"],
    ]
    lines = forecast(folder, "--cores", "2", "--forcerun", "fine_tune")
    assert any(line.startswith("fine_tune small 2 a core") and "records" in line for line in lines)
