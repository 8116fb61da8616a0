"""A name or path that a shell or a file system would read otherwise runs no command."""

import re
import shutil

import pytest

from tiny_study import configuration, snakemake, workflow_copy, write_configuration

MARK = "mark-of-a-command"
NAMES = [
    f"a; touch {MARK}",
    f"$(touch {MARK})",
    f"`touch {MARK}`",
    f"a' ; touch {MARK} ; '",
    f"a | touch {MARK}",
    f"a\ntouch {MARK}",
    "../outside",
    "..",
    ".",
    "a/../../outside",
    "/tmp/outside",
    "with space",
    "--option",
    "",
]
PLACES = ["tasks", "variants", "models", "studies"]
OUTSIDE = {"Snakefile", "config.yaml", "rules", "workflow_scripts", "profiles", "envs", "report"}
OUTSIDE |= {"schemas", "results", "logs", "checkpoints", ".snakemake"}


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    """A copy in a folder of its own, so that a file beside it would be seen."""
    return workflow_copy(tmp_path_factory.mktemp("around") / "study")


@pytest.fixture
def finished_copy(finished_study, tmp_path):
    """The finished study, so that only what a path changes has to run."""
    return shutil.copytree(finished_study, tmp_path / "around" / "study")


def named(name):
    """Give the tiny study with that name for everything that has one."""
    config = configuration()
    study = config["studies"].pop("tiny")
    [grid] = study["grids"]
    config["studies"] = {name: study}
    config["tasks"] = {name: config["tasks"]["bits"] | {"test_size": {name: 5}}}
    config["models"] = {name: config["models"]["small"]}
    config["variants"] = {name: {"kind": "medium"}}
    grid |= {"name": name, "tasks": [name], "models": [name], "variants": [name]}
    return config


def assert_harmless(study, allowed=()):
    assert {path.name for path in study.parent.iterdir()} == {"study"}
    assert {path.name for path in study.iterdir()} <= OUTSIDE | set(allowed)
    assert not list(study.rglob(f"{MARK}*"))


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_refused_everywhere_before_anything_runs(study, name):
    write_configuration(study, named(name))
    for arguments in (["--dry-run"], []):
        refused = snakemake(study, *arguments)
        assert refused.returncode == 1, refused.stdout
        assert "Traceback" not in refused.stdout
        for place in PLACES:
            assert re.search(rf"config\.yaml, line \d+: {place} has the name", refused.stdout), (
                refused.stdout
            )
        assert_harmless(study)
        assert not (study / "results").exists()


@pytest.mark.parametrize(
    "folder",
    [
        f"a; touch {MARK}",
        f"$(touch {MARK})",
        f"a' ; touch {MARK} ; '",
        f"a\ntouch {MARK}",
        "with space",
        'double " quote',
    ],
)
def test_a_model_folder_of_any_name_is_used_and_runs_nothing(finished_copy, folder):
    shutil.copytree(finished_copy / "results/models/small", finished_copy / "bases" / folder)
    config = configuration()
    config["models"]["small"] = {"kind": "folder", "path": f"bases/{folder}"}
    write_configuration(finished_copy, config)
    target = "results/runs/tiny/bits/none/small/n8/seed1/scores.json"
    dry = snakemake(finished_copy, "--dry-run", "--printshellcmds", target)
    assert dry.returncode == 0, dry.stdout
    done = snakemake(finished_copy, "--forcerun", "fine_tune", "--", target)
    assert done.returncode == 0, done.stdout
    assert "fine_tune" in done.stdout
    assert {path.name for path in finished_copy.parent.iterdir()} == {"study"}
    assert [path.name for path in (finished_copy / "bases").iterdir()] == [folder]
    assert {path.name for path in finished_copy.iterdir()} <= OUTSIDE | {"bases"}
    assert not (finished_copy / MARK).exists()


@pytest.mark.parametrize("title", [f"$(touch {MARK})", f"a' ; touch {MARK} ; '", f"`touch {MARK}`"])
def test_a_title_is_text(finished_copy, title):
    config = configuration()
    config["studies"]["tiny"]["title"] = title
    write_configuration(finished_copy, config)
    done = snakemake(finished_copy, "results/report.html", "--force")
    assert done.returncode == 0, done.stdout
    assert_harmless(finished_copy)


@pytest.mark.parametrize(
    "target",
    [
        f"results/data/bits; touch {MARK}/description.json",
        f"results/data/$(touch {MARK})/description.json",
        "results/data/bits/responses/../../../../../outside/test.jsonl",
        "results/data/bits/responses/none/../../../../../../outside.jsonl",
        "../outside/scores.json",
    ],
)
def test_a_hostile_target_is_no_target(study, target):
    write_configuration(study, configuration())
    for arguments in (["--dry-run"], []):
        refused = snakemake(study, *arguments, target)
        assert refused.returncode == 1
        assert_harmless(study)
