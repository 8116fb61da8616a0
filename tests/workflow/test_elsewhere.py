"""The workflow run from another folder than its own, with results in a folder of their own."""

import pytest

from tiny_study import REPOSITORY, configuration, write_configuration
from warm_snakemake import warm_snakemake

SNAKEFILE = ("-s", str(REPOSITORY / "Snakefile"))


def run(folder, *arguments):
    return warm_snakemake(folder, "--cores", "2", *SNAKEFILE, *arguments)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder of the user's own with one run, made by a workflow that lies somewhere else."""
    folder = tmp_path_factory.mktemp("my place")
    study = configuration()
    study["results"] = "my results"
    study["studies"]["tiny"]["grids"][0]["variants"] = ["none"]
    write_configuration(folder, study)
    done = run(folder, "--quiet", "rules")
    assert done.returncode == 0, done.stdout
    return folder


def test_a_study_is_made_where_it_is_asked_for(place):
    made = place / "my results"
    assert (made / "runs/tiny/bits/none/small/n8/seed1/scores.json").is_file()
    assert (made / "report.html").read_bytes() == (made / "report-tiny.html").read_bytes()
    assert (made / "logs/write_report.log").is_file()
    assert {path.name for path in place.iterdir()} <= {
        *("my results", "config.yaml", ".snakemake", "checkpoints", "logs"),
    }
    costs = (made / "tables/tiny-costs.csv").read_text()
    assert costs.count("fine_tune,") == 1
    again = run(place.parent, "--directory", str(place), "--dry-run")
    assert "Nothing to be done" in again.stdout


def test_another_configuration_is_told_what_it_would_undo_before_anything_runs(place):
    other = configuration() | {"corpus": {"examples": 60}, "results": "my results"}
    other["studies"] = {"other": other["studies"].pop("tiny")}
    mine = place / "other.yaml"
    write_configuration(place, other)
    (place / "config.yaml").rename(mine)
    write_configuration(place, configuration() | {"results": "my results"})
    sentence = "my results holds the study tiny of config.yaml; other.yaml would make 1 of its run"
    chosen = ("--configfile", "other.yaml")
    planned = run(place, "--dry-run", *chosen)
    assert planned.returncode == 0 and sentence in planned.stdout
    before = {path: path.stat().st_mtime_ns for path in (place / "my results").rglob("*")}
    refused = run(place, *chosen)
    assert refused.returncode != 0 and sentence in refused.stdout
    assert "Traceback" not in refused.stdout
    assert before == {path: path.stat().st_mtime_ns for path in (place / "my results").rglob("*")}
    write_configuration(place, other | {"results": "others"})
    apart = run(place, "--dry-run")
    assert apart.returncode == 0 and "my results" not in apart.stdout


def test_without_a_configuration_there_the_sentence_says_so(tmp_path):
    refused = run(tmp_path, "--dry-run")
    assert refused.returncode != 0
    assert "config.yaml" in refused.stdout and "Traceback" not in refused.stdout
