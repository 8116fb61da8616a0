"""Configurations that share a folder of results, or have folders of their own."""

import json
import shutil
from itertools import combinations
from pathlib import Path

import pytest
import yaml

from published_rows import MADE_BY, rows_of_ren2024, write_rows
from showhow.base.surroundings import VARIABLE, tell
from showhow.study.configuration import Configuration
from showhow.study.inputs.tables import TableInputs
from showhow.study.inputs.told import told as as_options
from showhow.study.paths import placed
from showhow.study.sharing import conflicts, holdings_of, record_holdings, told_conflicts
from showhow.study.studies import Studies
from showhow.study.validation import load_configuration
from tiny_study import REPOSITORY, configuration

FIRST, SECOND = Path("first.yaml"), Path("second.yaml")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working directory with two configuration files, and surroundings that a test may change."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(VARIABLE, "{}")
    FIRST.touch()
    SECOND.touch()
    return tmp_path


def studies_of(**changed) -> Studies:
    return Studies(Configuration.model_validate(configuration() | changed))


def finish(studies: Studies, file: Path) -> None:
    """Leave what a finished run of a configuration leaves."""
    record_holdings(holdings_of(studies, file.resolve()))
    for run in studies.runs:
        scores = Path(placed(run), "scores.json")
        scores.parent.mkdir(parents=True, exist_ok=True)
        scores.touch()


def sentences(studies: Studies, file: Path) -> list[str]:
    return told_conflicts(conflicts(studies, file.resolve()), file.resolve())


def another_study(**changed) -> Studies:
    """A configuration with a study of another name, whose names mean the same but for changes."""
    return studies_of(studies={"mine": configuration()["studies"]["tiny"]}, **changed)


def test_another_corpus_of_the_same_name_is_told_with_what_it_makes_stale(folder):
    finish(studies_of(), FIRST)
    assert sentences(another_study(corpus={"examples": 60}), SECOND) == [
        "results holds the study tiny of first.yaml; second.yaml would make 2 of its runs stale, "
        "as it means something else by results/data/corpus.jsonl. Write `results: another-folder` "
        "in second.yaml; or, if these runs may be made again, delete "
        "results/costs/configurations/tiny.yaml."
    ]


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"pretraining": {"steps": 3, "batch_size": 4}}, "results/models/small"),
        ({"seed": 5}, "results/data/bits"),
    ],
)
def test_what_both_name_is_compared_by_what_it_is_made_of(folder, changed, named):
    finish(studies_of(), FIRST)
    [sentence] = sentences(another_study(**changed), SECOND)
    assert f"by {named}." in sentence


def test_a_study_of_the_same_name_is_another_ones_where_it_is_trained_otherwise(folder):
    finish(studies_of(), FIRST)
    [sentence] = sentences(studies_of(training={"steps": 3, "batch_size": 2}), SECOND)
    assert "would make 2 of its runs stale" in sentence
    assert sentences(another_study(training={"steps": 3, "batch_size": 2}), SECOND) == []


def test_equal_recipes_and_what_never_ran_are_no_conflict(folder):
    record_holdings(holdings_of(studies_of(), FIRST.resolve()))
    assert sentences(another_study(corpus={"examples": 60}), SECOND) == []
    finish(studies_of(), FIRST)
    assert sentences(another_study(), SECOND) == []


def test_random_weights_do_not_depend_on_a_corpus(folder):
    random = {"small": {**configuration()["models"]["small"], "start": "random"}}
    finish(studies_of(models=random), FIRST)
    assert sentences(another_study(models=random, corpus={"examples": 60}), SECOND) == []


def test_a_configuration_may_change_what_it_made_itself_also_under_a_new_name(folder):
    finish(studies_of(), FIRST)
    changed = studies_of(corpus={"examples": 60})
    assert sentences(changed, FIRST) == []
    FIRST.rename("renamed.yaml")
    assert sentences(changed, Path("renamed.yaml")) == []


def test_a_copy_of_a_folder_is_no_longer_the_first_ones(folder, monkeypatch):
    changed = studies_of(corpus={"examples": 60})
    (folder / "study").mkdir()
    monkeypatch.chdir(folder / "study")
    FIRST.touch()
    finish(studies_of(), FIRST)
    shutil.copytree(folder / "study", folder / "copy")
    monkeypatch.chdir(folder / "copy")
    assert sentences(changed, FIRST) == []
    SECOND.touch()
    assert len(sentences(changed, SECOND)) == 1


def test_results_elsewhere_are_nobody_elses(folder):
    finish(studies_of(), FIRST)
    tell(results="results-mine")
    mine = another_study(corpus={"examples": 60})
    assert sentences(mine, SECOND) == []
    finish(mine, SECOND)
    assert Path("results-mine/runs/mine").is_dir()
    tell(results="results")
    assert sentences(studies_of(), FIRST) == []


def test_names_of_results_have_their_paths_in_the_folder_of_the_configuration(folder):
    names = ["results/report.html", "logs/write_report.log", "own/tasks", "results/hub-data/a"]
    assert [placed(name) for name in names] == names
    tell(results="/big/disk")
    placed_names = ["/big/disk/report.html", "/big/disk/logs/write_report.log", *names[2:]]
    assert [placed(name) for name in names] == placed_names
    assert [placed(name) for name in placed_names] == placed_names
    options = json.loads(as_options(figures=["overview"], parts={"a": ["results/data/a.json"]}))
    assert options == {"figures": ["overview"], "parts": {"a": ["/big/disk/data/a.json"]}}
    manifest = json.loads(TableInputs(studies_of()).manifest(Named(study="tiny")))
    assert all(run["directory"].startswith("/big/disk/runs/tiny/") for run in manifest)


class Named:
    """Wildcards by their names."""

    def __init__(self, **names: str):
        self.__dict__.update(names)

    def get(self, name, default=None):
        return self.__dict__.get(name, default)


def made_by_shipped() -> dict[str, tuple[str, set[str], dict[str, str]]]:
    """Give the folder of results of each shipped configuration, its studies, and what it makes."""
    files = [REPOSITORY / "config.yaml", *sorted((REPOSITORY / "configs").glob("*.yaml"))]
    files += sorted((REPOSITORY / "docs").rglob("*.yaml"))
    made = {}
    for file in files:
        shipped = load_configuration(yaml.safe_load(file.read_text()), [file])
        holdings = holdings_of(Studies(shipped), file)
        everything = {key: by for held in holdings.values() for key, by in held.made.items()}
        made[file.name] = (shipped.results, set(holdings), everything)
    return made


def test_any_two_shipped_configurations_can_run_in_one_clone(tmp_path, monkeypatch):
    for read in ("configs", "docs"):
        (tmp_path / read).symlink_to(REPOSITORY / read)
    write_rows(tmp_path / "data/ren2024", rows_of_ren2024(MADE_BY, rows=120))
    monkeypatch.chdir(tmp_path)
    made = made_by_shipped()
    assert made["config.yaml"][0] == "results"
    for one, other in combinations(made, 2):
        (folder, studies, by), (its_folder, its_studies, its) = made[one], made[other]
        if folder == its_folder:
            assert not studies & its_studies, (one, other)
            assert [name for name in by.keys() & its.keys() if by[name] != its[name]] == []
