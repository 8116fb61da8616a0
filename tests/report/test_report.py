"""The report holds the whole study in one file that loads nothing else."""

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from showhow.base.errors import ShowhowError
from showhow.base.rows import write_json
from showhow.figures.style import save_figure
from showhow.report.data import LOSSES, read_source, read_usage
from showhow.report.report import Report, read_figure, render_report

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))

from simulated_study import claims_table, costs_table, runs_table, small_study

BY_TASK = pd.DataFrame(
    [("C1", "listops", "decoder-40k", "best minus none", 0.3, 0.2, 0.4, 0.001, 0.002, 6, "")],
    columns=[
        *["id", "task", "model", "contrast", "estimate", "ci_low", "ci_high", "p", "p_holm"],
        *["n", "note"],
    ],
)


@pytest.fixture(scope="module")
def runs():
    return runs_table(small_study())


@pytest.fixture
def folder(tmp_path):
    for name in ("overview", "accuracy_over_n"):
        save_figure(Figure(figsize=(1, 1)), tmp_path / f"{name}.png")
        (tmp_path / f"{name}.txt").write_text(f"Title of {name}\n\nCaption of {name}.\n")
    views = tmp_path / "accuracy_over_n-views"
    views.mkdir()
    for view in ("listops--all", "addition--all", "listops--decoder-600k", "listops--decoder-40k"):
        save_figure(Figure(figsize=(1, 1)), views / f"{view}.png")
    return tmp_path


@pytest.fixture
def report(runs, folder):
    return Report(
        study="explanations",
        title="What explanations do",
        runs=runs,
        claims=claims_table(),
        by_task=BY_TASK,
        costs=costs_table(small_study()),
        configuration="tasks:\n  listops: {classes: 10}\n",
        figures=tuple(read_figure(folder, name) for name in ("overview", "accuracy_over_n")),
    )


def replaced(report: Report, **changes) -> Report:
    return Report(**{**vars(report), **changes})


class Page(HTMLParser):
    """What a browser would see: tags in order, what they load, and the text."""

    def __init__(self, html: str):
        super().__init__()
        self.tags, self.loads, self.text = [], [], ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags.append((tag, attributes))
        self.loads += [attributes[name] for name in ("src", "srcset", "data") if name in attributes]
        if tag == "link":
            self.loads.append(attributes.get("href"))

    def handle_data(self, data):
        self.text += data


def test_the_report_opens_with_the_claims_and_the_overview(report):
    html = render_report(report)
    places = [
        html.index(part)
        for part in (
            claims_table()["statement"].iloc[0],
            'id="figure-overview"',
            'id="figure-accuracy_over_n"',
            'id="tables"',
            "listops: {classes: 10}",
            'id="costs"',
        )
    ]
    assert places == sorted(places)


def test_verdicts_are_a_word_a_symbol_and_a_colour(report):
    html = render_report(report)
    for word, symbol in (("supported", "✓"), ("contradicted", "✗"), ("inconclusive", "?")):
        assert f'<span class="verdict {word}">{symbol} {word}</span>' in html


def test_estimates_have_units_intervals_and_may_be_infinite(report):
    text = Page(render_report(report)).text
    assert "+31.0 percentage points" in text
    assert "+27.0 to +35.0" in text
    assert "to ∞" in text


def test_the_report_loads_nothing_from_outside(report):
    html = render_report(report)
    page = Page(html)
    assert page.loads
    assert all(address.startswith("data:image/png;base64,") for address in page.loads)
    assert not re.search(r"https?://|@import|url\(|fetch\(|XMLHttpRequest", html)


def test_views_are_hidden_until_chosen_and_ordered_by_size(report):
    images = [attributes for tag, attributes in Page(render_report(report)).tags if tag == "img"]
    shown = [image for image in images if "hidden" not in image]
    assert len(shown) == 2
    models = [image["data-model"] for image in images if image["data-task"] == "listops"]
    assert models == ["all", "decoder-40k", "decoder-600k"]


def test_when_all_views_are_of_one_task_its_picture_is_not_there_twice(report, folder):
    (folder / "accuracy_over_n-views" / "addition--all.png").unlink()
    figure = read_figure(folder, "accuracy_over_n")
    html = render_report(replaced(report, figures=(figure,)))
    images = [attributes for tag, attributes in Page(html).tags if tag == "img"]
    assert [(image["data-task"], image["data-model"]) for image in images] == [
        ("listops", "all"),
        ("listops", "decoder-40k"),
        ("listops", "decoder-600k"),
    ]


def test_accuracy_is_given_per_arm_as_mean_and_range_over_seeds(report, runs):
    text = " ".join(Page(render_report(report)).text.split())
    arm = runs[
        (runs["task"] == "listops")
        & (runs["model"] == "decoder-600k")
        & (runs["variant"] == "long")
        & (runs["n_train"] == 2000)
        & (runs["split"] == "test")
    ]["accuracy"]
    dash = "\N{EN DASH}"
    assert f"{100 * arm.mean():.1f} {100 * arm.min():.1f}{dash}{100 * arm.max():.1f}" in text


def test_costs_are_summed_per_stage_with_the_share_of_start_up(report):
    costs = report.costs
    text = Page(render_report(report)).text
    train = costs[costs["stage"] == "train"]
    assert f"{train['wall_seconds'].sum():,.1f}" in text
    share = 100 * costs["startup_cpu_seconds"].sum() / costs["cpu_seconds"].sum()
    assert f"{share:.1f} %" in text


def test_sizes_are_told_and_small_models_are_not_the_papers_result(report):
    text = Page(render_report(report)).text
    assert "decoder-600k (600,000 parameters)" in text
    assert "It is not the paper" in text
    large = replaced(report, runs=report.runs.assign(parameters=60_506_624))
    assert "It is not the paper" not in Page(render_report(large)).text


def test_names_are_escaped(report):
    evil = "<script>alert(1)</script>"
    runs = report.runs.assign(task=evil)
    html = render_report(replaced(report, runs=runs, title=evil, study=evil, configuration=evil))
    assert evil not in html
    assert "&lt;script&gt;alert(1)" in html


def test_equal_input_gives_equal_bytes_without_a_date(report):
    html = render_report(report)
    assert html == render_report(report)
    assert not re.search(r"20[2-9]\d-\d\d-\d\d", html)


def test_a_study_without_contrasts_costs_or_verdict_is_reported(report):
    claims = claims_table().assign(estimate=float("nan"), p=float("nan"))
    empty = replaced(report, by_task=BY_TASK.iloc[:0], costs=report.costs.iloc[:0], claims=claims)
    assert "No claim could be tested by task and model." in render_report(empty)


def test_a_missing_figure_is_named_with_the_remedy(folder):
    with pytest.raises(ShowhowError, match=r"controls\.png.*snakemake"):
        read_figure(folder, "controls")


def test_without_data_of_ones_own_nothing_is_said_of_data(report):
    assert 'id="data"' not in render_report(report)


def test_what_became_of_the_users_data_and_what_writers_were_asked_is_counted(report, tmp_path):
    lost = dict.fromkeys(LOSSES, 0) | {"rows": 1234, "duplicates": 7}
    responses = {"human": {"n": 50, "mean_words": 12.5, "answered": 49, "right": 48}}
    split = {"questions": 1200, "files": {"q.csv": lost}, "incomplete": 3, "in_test": 2}
    write_json(
        tmp_path / "source.json", dict.fromkeys(("train", "test"), split | {"responses": responses})
    )
    told = {"writer": "gpt (gpt-5)", "asked": 60, "written": 55, "left_out": 5, "requests": 99}
    counts = {"wrong": 44, "prompt_tokens": 12345, "completion_tokens": 678, "cost": 0.25}
    write_json(tmp_path / "usage.json", told | counts)
    shown = replaced(
        report,
        sources=tuple(read_source("sums", tmp_path / "source.json")),
        written=(read_usage("sums", "own-words", tmp_path / "usage.json"),),
    )
    text = " ".join(Page(render_report(shown)).text.split())
    for said in ("1,234", "1,200 questions", "2 that are test questions", "96.0 %", "own-words"):
        assert said in text
    for said in ("gpt (gpt-5)", "12,345", "0.2500"):
        assert said in text
