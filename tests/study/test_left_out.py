"""A run of one study says which others the configuration has, and how to make each."""

import subprocess
import sys

from showhow.study.left_out import told_left_out
from tiny_study import REPOSITORY

COMMAND = [sys.executable, str(REPOSITORY / "workflow_scripts/run.py"), "reports"]


def test_each_study_that_is_not_made_is_named_with_its_command():
    assert told_left_out(["levels", "voices", "facts"], {"levels"}, "configs/ladder.yaml") == [
        "configs/ladder.yaml has more than is made here: these studies voices, facts. "
        "To make each:",
        "  make run CONFIG=configs/ladder.yaml STUDY=voices",
        "  make run CONFIG=configs/ladder.yaml STUDY=facts",
    ]
    assert told_left_out(["levels", "voices"], ["levels"])[1:] == ["  make run STUDY=voices"]


def test_nothing_is_said_where_all_are_made_or_no_report_is_asked_for():
    assert told_left_out(["levels", "voices"], ["levels", "voices"]) == []
    assert told_left_out(["levels", "voices"], []) == []


def test_a_run_ends_in_its_report_and_in_what_it_left_out(tmp_path):
    (tmp_path / "mine.yaml").write_text("studies: {levels: {}, voices: {}}")

    def told(*options: str) -> list[str]:
        command = [*COMMAND, "--configfile", "mine.yaml", *options]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    assert told("--study")[::2] == [
        "The report is results/report.html.",
        "  make run CONFIG=mine.yaml STUDY=voices",
    ]
    assert told("--study", "voices") == ["The report is results/report-voices.html."]
