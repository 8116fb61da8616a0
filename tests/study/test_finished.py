"""Two finished studies are found by name, report or folder, and laid side by side."""

import shutil
import sys
from pathlib import Path

import pandas as pd
import pytest
import yaml

from commands.compare import main
from showhow.base.errors import ShowhowError
from showhow.base.rows import write_jsonl
from showhow.study.finished import find_study

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))

from simulated_study import Arm, SimulatedStudy, items_table, runs_table

ARMS = tuple(Arm("listops", variant, "decoder-40k", 500) for variant in ("none", "medium"))
SETTINGS = {
    "training": {"learning_rate": 0.01, "epochs": 4},
    "tasks": {"listops": {"kind": "listops"}, "other": {"kind": "parity"}},
    "variants": {},
    "models": {"decoder-40k": {"kind": "ladder"}},
}
GRID = {
    "name": "all",
    "tasks": ["listops"],
    "variants": ["none", "medium"],
    "models": ["decoder-40k"],
}


def finished(folder: Path, names: list[str], gain: float = 1.0, rate: float = 0.01) -> Path:
    """Write what is left of finished studies, the first of which has results/report.html."""
    results = folder / "results"
    (results / "tables").mkdir(parents=True)
    study = SimulatedStudy(ARMS, splits=("test",), n_test=60).with_effects(gain=gain)
    for name in names:
        items_table(study).to_parquet(results / f"tables/{name}-items.parquet")
        runs_table(study).to_parquet(results / f"tables/{name}.parquet")
        (results / f"tables/{name}-runs.json").write_text("[]")
        (results / f"report-{name}.html").write_text("")
    (results / "report.html").write_text(f"<p>Study <b>{names[0]}</b>: 6 runs.")
    settings = {**SETTINGS, "training": {**SETTINGS["training"], "learning_rate": rate}}
    studies = {name: {"title": name, "grids": [GRID]} for name in names}
    (results / "configuration.yaml").write_text(yaml.safe_dump({**settings, "studies": studies}))
    ids = sorted(items_table(study)["id"].unique())
    rows = [{"id": each, "prompt": each, "answer": "1"} for each in ids]
    problems = results / "data/listops/problems/test.jsonl"
    problems.parent.mkdir(parents=True)
    write_jsonl(problems, rows)
    return folder


@pytest.fixture
def two(tmp_path, monkeypatch):
    finished(tmp_path / "one", ["levels", "more"])
    finished(tmp_path / "two", ["levels"], gain=4.0, rate=0.02)
    monkeypatch.chdir(tmp_path / "one")
    return tmp_path


def test_a_study_is_found_by_its_name_its_report_or_its_folder(two):
    for named, folder, name in (
        ("more", "results", "more"),
        ("results/report.html", "results", "levels"),
        ("results/report-more.html", "results", "more"),
        ("../two", "../two/results", "levels"),
        ("../two/results", "../two/results", "levels"),
        (f"{two / 'one'}:more", "results", "more"),
    ):
        found = find_study(named)
        assert found.name == name
        assert found.results.resolve() == Path(folder).resolve()


def test_a_study_is_found_by_its_name_in_whatever_folder_its_configuration_names(two):
    (two / "one/results").rename(two / "one/results-mine")
    found = find_study("more")
    assert (found.name, found.results) == ("more", Path("results-mine"))
    shutil.copytree(two / "one/results-mine", two / "one/results-yours")
    with pytest.raises(ShowhowError, match=r"write one of: results-mine:more, results-yours:more"):
        find_study("more")


def test_what_is_no_study_or_could_be_several_is_said(two):
    with pytest.raises(ShowhowError, match=r"several finished studies; write one of: .*:more\."):
        find_study(str(two / "one"))
    with pytest.raises(ShowhowError, match="has no finished study none; it has: levels"):
        find_study("../two:none")
    with pytest.raises(ShowhowError, match=r"nowhere is no finished study.*its report"):
        find_study("nowhere")


def test_settings_and_accuracies_that_differ_are_listed(two, capsys):
    main(["levels", "../two", "--output", "compared.csv"])
    told = capsys.readouterr().out
    assert "training.learning_rate  0.01  0.02" in told
    assert "epochs" not in told
    assert "other" not in told
    table = pd.read_csv("compared.csv")
    assert table["variant"].tolist() == ["medium", "none"]
    assert set(table["compared"]) == {"paired"}
    assert table["difference"].iloc[0] == pytest.approx(table["a"].iloc[0] - table["b"].iloc[0])
    assert f"{table['difference'].iloc[0]:+.3f}" in told
    assert "0 conditions are in A alone, 0 in B alone." in told


def test_other_problems_of_the_same_names_are_not_paired(two, capsys):
    path = two / "two/results/data/listops/problems/test.jsonl"
    path.write_text(path.read_text().replace('"answer": "1"', '"answer": "2"', 1))
    main(["levels", "../two", "--output", "compared.csv"])
    assert set(pd.read_csv("compared.csv")["compared"]) == {"unpaired"}


def test_two_studies_of_one_folder_share_their_problems(two, capsys):
    main(["levels", "more", "--output", "compared.csv"])
    told = capsys.readouterr().out
    assert 'study.title  "levels"  "more"' in told
    assert set(pd.read_csv("compared.csv")["compared"]) == {"paired"}


def test_of_a_study_whose_settings_were_written_over_the_accuracies_are_compared(two, capsys):
    path = two / "two/results/configuration.yaml"
    path.write_text(path.read_text().replace("levels", "another"))
    main(["levels", "../two"])
    told = capsys.readouterr().out
    assert "the settings of levels are not known" in told
    assert "Accuracies of the 2 conditions" in told


def test_a_name_that_is_no_study_ends_in_a_sentence(two):
    with pytest.raises(SystemExit, match="nowhere is no finished study"):
        main(["levels", "nowhere"])
