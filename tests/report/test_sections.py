"""Sections that a report has only where there is something to show."""

import math
from pathlib import Path

import pandas as pd
import pytest
from reported_study import Page, Reported, render, replaced

from showhow.analysis.manipulation_checks import COLUMNS as CHECK
from showhow.base.rows import write_json, write_jsonl
from showhow.report import sections
from showhow.report.material import CorpusRead, ExampleRun, UsageOfWriter
from showhow.report.sections import SECTIONS
from showhow.report.sections.faithfulness import faithfulness_rows
from showhow.report.sections.sources import LOSSES
from showhow.report.tables import DASH, MINUS

PROMPTS = {"colon": 0, "options": 0, "ending": "?", "ending_share": 1.0, "example": "Why?"}


def with_table(report: Reported, name: str, table: pd.DataFrame) -> Reported:
    return replaced(report, tables={name: table})


def with_choices(report: Reported, *tried: tuple[float, float, bool]) -> Reported:
    """Add the table of rates with their accuracies and which one was chosen."""
    arm = {"study": "s", "task": "listops", "variant": "medium", "model": "m", "n_train": 1000}
    arm |= {"match": "steps", "seed": 0, "n_test": 200}
    keys = ("learning_rate", "accuracy", "chosen")
    rows = [{**arm, **dict(zip(keys, one, strict=True))} for one in tried]
    return with_table(report, "learning rates", pd.DataFrame(rows))


def test_the_report_says_which_learning_rates_were_chosen_and_among_which(report):
    assert "Learning rates chosen" not in render(report)
    tried = ((0.04, 0.2, False), (0.01, 0.1, False), (0.02, 0.75, True))
    text = Page(render(with_choices(report, *tried))).text
    assert "Learning rates chosen" in text
    assert "0.01: 10.0; 0.02: 75.0; 0.04: 20.0" in text
    assert "a rate beyond it may be better" not in text


@pytest.mark.parametrize("best", [0, 2])
def test_the_report_warns_where_the_best_rate_is_at_the_edge_of_the_list(report, best):
    tried = [(rate, 0.1 + 0.5 * (n == best), n == best) for n, rate in enumerate((0.1, 0.2, 0.3))]
    text = Page(render(with_choices(report, *tried))).text
    assert "In 1 of 1 conditions the best rate is the smallest or the largest" in text


def test_what_was_checked_of_bases_stands_beside_its_criterion(report):
    assert "Manipulation checks" not in render(report)
    row = ("facts", "reader", "asked as plain text", 0.3, 0.5, 0.6, -math.inf, math.inf)
    checks = pd.DataFrame([(*row, "at least 80% of the ceiling", False)], columns=CHECK)
    page = Page(render(with_table(report, "checks", checks)))
    assert "asked as plain text" in page.text and "at least 80% of the ceiling" in page.text
    assert f"{MINUS}∞ to ∞" in page.text


def test_what_became_of_the_users_data_and_what_writers_were_asked_is_counted(report, tmp_path):
    lost = dict.fromkeys(LOSSES, 0) | {"rows": 1234, "duplicates": 7}
    responses = {"human": {"n": 50, "mean_words": 12.5, "answered": 49, "right": 48}}
    split = {"questions": 1200, "files": {"q.csv": lost}, "incomplete": 3, "in_test": 2}
    split |= {"responses": responses, "shared": 0, "prompts": PROMPTS}
    source, usage = tmp_path / "source.json", tmp_path / "usage.json"
    write_json(source, dict.fromkeys(("train", "test"), split))
    told = {"writer": "gpt (gpt-5)", "asked": 60, "written": 55, "left_out": 5, "requests": 99}
    counts = {"wrong": 44, "prompt_tokens": 12345, "completion_tokens": 678, "cost": 0.25}
    write_json(usage, told | counts)
    asked = UsageOfWriter(task="sums", writing="own-words", usage=usage)
    shown = replaced(report, sources={"sums": source}, usages=(asked,))
    text = " ".join(Page(render(shown)).text.split())
    for said in ("1,234", "1,200 questions", "2 that the test set asks", "96.0 %", "own-words"):
        assert said in text
    for said in ("gpt (gpt-5)", "12,345", "0.2500"):
        assert said in text


def test_what_bases_have_read_of_the_problems_is_counted(report, tmp_path):
    counts = tmp_path / "counts.csv"
    counts.write_text("split,problems,prompts_met,solutions_met\ntest,1300,0,17\nlonger,600,3,\n")
    read = CorpusRead(task="sums", models=("a", "b"), counts=counts)
    page = render(replaced(report, contamination=(read,)))
    for row in (("test", "1,300", "0", "17"), ("longer", "600", "3", DASH)):
        split, *numbers = row
        cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
        assert f"<tr><td>sums</td><td>a, b</td><td>{split}</td>{cells}</tr>" in page


def test_whether_answers_follow_is_shown_only_where_it_was_measured(report):
    assert "Faithfulness" not in Page(render(report)).text
    counts = {"problems": 200, "asked": 100, "other": 0, "unread": 0, "control_kept": 100}
    arm = {"task": "listops", "model": "decoder-40k", "variant": "long", "n_train": 500}
    measured = pd.DataFrame(
        {**arm, "match": "examples", "seed": seed, "qualified": 150, **counts}
        | {"followed": followed, "kept": 100 - followed}
        for seed, followed in ((1, 70), (2, 81))
    )
    rows = faithfulness_rows(measured)
    assert [(row["seeds"], row["qualified"], row["asked"]) for row in rows] == [(2, 300, 200)]
    text = Page(render(with_table(report, "faithfulness", measured))).text
    assert "Faithfulness" in text
    assert "75.5" in text
    assert "24.5" in text


def test_warnings_stand_above_all_numbers_and_predictions_are_folded(report, tmp_path):
    unread = report.runs.assign(unparseable=report.runs["n_test"])
    files = {name: tmp_path / f"{name}.jsonl" for name in ("items", "predictions", "responses")}
    scored = {"id": "test-1", "correct": False, "truncated": True, "answer": "4", "predicted": None}
    write_jsonl(files["items"], [scored])
    asked = {"id": "test-1", "prompt": "Why?"}
    write_jsonl(files["predictions"], [{**asked, "prediction": "<b>4</b>"}])
    steps = {"steps": [], "answer_position": "last", "masked_tokens": [], "as_alone": []}
    write_jsonl(files["responses"], [{**asked, "response": "So: 4", "answer": "4", **steps}])
    names = {"task": "mine", "variant": "human", "name": "s/mine/human/small/n8/seed1"}
    html = render(replaced(report, runs=unread, examples=(ExampleRun(**names, **files),)))
    warned = html.index('class="warning">listops, test: of many')
    assert warned < html.index("<section id=")
    assert "<details><summary>mine, human" in html
    assert "&lt;b&gt;4&lt;/b&gt; <small>cut off</small>" in html
    assert "<td>nothing</td><td>4</td>" in html


def test_a_section_is_its_module_and_the_template_beside_it():
    folder = Path(sections.__file__).parent
    names = {section.name for section in SECTIONS}
    for ending in (".py", ".html.jinja"):
        there = {file.name.removesuffix(ending) for file in folder.glob(f"*{ending}")}
        assert there - {"__init__"} == names
    for section in SECTIONS:
        assert (f"{section.name}.html.jinja",) == section.module.DATA_FILES
        assert callable(section.module.show)


def test_the_list_says_which_tables_a_section_reads(report):
    """A section is drawn from the tables that the list gives it, and from no others."""
    material = with_choices(report, (0.01, 0.5, True)).material()
    for section in SECTIONS:
        tables = {name: file for name, file in material.tables.items() if name in section.tables}
        alone = material.model_copy(update={"tables": tables})
        assert section.module.show(alone) == section.module.show(material), section.name
