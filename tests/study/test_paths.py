"""Names are written and read by one grammar: whatever is written is read back."""

from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from showhow.study.paths import JOB_NAMES, JobName, Run, Split, parse_budget

names = st.text(ascii_letters + digits + "._-", min_size=1, max_size=12).filter(str.isidentifier)
sizes = st.integers(1, 10**6)
runs = st.builds(
    Run,
    study=names,
    task=names,
    variant=names,
    model=names,
    n_train=sizes,
    match=st.sampled_from(["examples", "target_tokens", "steps"]),
    seed=st.integers(0, 99),
)


@given(runs)
def test_a_run_is_read_back_from_its_own_parts(run):
    study, task, variant, model, budget = run.condition.split("/")
    named = {"study": study, "task": task, "variant": variant, "model": model, "budget": budget}
    assert Run.of({**named, "seed": str(run.seed)}) == run
    assert parse_budget(run.budget) == (run.n_train, run.match)


@given(st.builds(Split.training, sizes, st.integers(0, 99)) | st.builds(Split, names))
def test_a_split_is_read_back_from_its_name(split):
    assert Split.read(str(split)) == split


def test_names_are_what_they_have_always_been():
    assert str(Split.training(24)) == "train-n24"
    assert str(Split.training(24, draw=3)) == "train-n24-draw3"
    assert Split.read("train-n24-draw3") == Split("train", 24, 3)
    assert Run("s", "t", "v", "m", 24, "steps", 1).directory == (
        "results/runs/s/t/v/m/n24-matched-steps/seed1"
    )
    assert Run("s", "t", "v", "m", 24, "examples", 0).trial(0.01) == (
        "results/trials/s/t/v/m/n24/rate0.01"
    )


@pytest.mark.parametrize("rule", JOB_NAMES)
def test_a_jobs_record_names_its_rule_and_its_wildcards(rule):
    words = ("study", "task", "variant", "model", "split", "seed", "budget", "figure", "corpus")
    more = (
        "rate",
        "hub_file",
        "hub_model",
        "package_model",
        "gguf_model",
        "ladder_model",
        "folder_model",
        "writing",
    )
    wildcards = {name: f"a-{name}" for name in (*words, *more)}
    wildcards |= {f"{kind}_writing": "a-variant/a-base" for kind in ("endpoint", "model")}
    wildcards["writing"] = "a-variant/a-base"
    used = {key: value for key, value in wildcards.items() if f"{{{key}}}" in JOB_NAMES[rule]}
    job = JobName(rule, used)
    assert JobName.read(job.record) == job


@pytest.mark.parametrize("other", ["", "fine_tune", "fine_tune/too/short.json", "unknown/a.json"])
def test_a_file_that_is_no_record_names_no_job(other):
    assert JobName.read(other) is None
