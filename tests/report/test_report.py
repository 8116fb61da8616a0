"""The report holds the whole study in one file that loads nothing else."""

import math
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import yaml
from matplotlib.figure import Figure

from showhow.analysis.comparisons import COLUMNS
from showhow.analysis.manipulation_checks import COLUMNS as CHECK
from showhow.base.errors import ShowhowError
from showhow.base.rows import write_json
from showhow.figures.style import save_figure
from showhow.report.choices import read_choices
from showhow.report.data import LOSSES, read_contamination, read_source, read_usage
from showhow.report.examples import Example, ExamplesOfRun
from showhow.report.faithfulness import faithfulness_rows
from showhow.report.registered import read_registration, stated
from showhow.report.report import Report, read_figure, render_report
from showhow.report.tables import DASH, MINUS

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))

from simulated_study import claims_table, costs_table, runs_table, small_study

LEAST = "short minus none, as many steps"
BY_TASK = pd.DataFrame(
    [
        ("C1", "all", LEAST, 0.31, 0.27, 0.35, 0.001, 18, "above +0.050", "supported"),
        ("C1", "all but addition", LEAST, 0.02, -0.1, 0.1, 0.4, 9, "above +0.050", "inconclusive"),
        ("C1", "all but listops", LEAST, 0.6, 0.5, 0.7, 0.001, 9, "above +0.050", "supported"),
        ("C1", "addition", LEAST, 0.6, 0.5, 0.7, 0.001, 9, "above +0.050", "supported"),
        ("C1", "listops", LEAST, 0.02, -0.1, 0.1, 0.4, 9, "above +0.050", "inconclusive"),
        ("C1", "listops", "mean of levels minus none", 0.3, 0.2, 0.4, 0.001, 6, "", ""),
    ],
    columns=[
        *["id", "task", "contrast", "estimate", "ci_low", "ci_high", "p", "n", "demand"],
        "verdict",
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


def choices(folder, *tried: tuple[float, float, bool]):
    """Give what is read of a table of rates with their accuracies and which one was chosen."""
    arm = {"study": "s", "task": "listops", "variant": "medium", "model": "m", "n_train": 1000}
    arm |= {"match": "steps", "seed": 0, "n_test": 200}
    keys = ("learning_rate", "accuracy", "chosen")
    rows = [{**arm, **dict(zip(keys, one, strict=True))} for one in tried]
    pd.DataFrame(rows).to_csv(folder / "rates.csv", index=False)
    return read_choices(folder / "rates.csv")


def test_the_report_says_which_learning_rates_were_chosen_and_among_which(report, tmp_path):
    assert "Learning rates chosen" not in render_report(report)
    made = choices(tmp_path, (0.04, 0.2, False), (0.01, 0.1, False), (0.02, 0.75, True))
    text = Page(render_report(replaced(report, choices=made))).text
    assert "Learning rates chosen" in text
    assert "0.01: 10.0; 0.02: 75.0; 0.04: 20.0" in text
    assert "a rate beyond it may be better" not in text


@pytest.mark.parametrize("best", [0, 2])
def test_the_report_warns_where_the_best_rate_is_at_the_edge_of_the_list(report, tmp_path, best):
    tried = [(rate, 0.1 + 0.5 * (n == best), n == best) for n, rate in enumerate((0.1, 0.2, 0.3))]
    text = Page(render_report(replaced(report, choices=choices(tmp_path, *tried)))).text
    assert "In 1 of 1 conditions the best rate is the smallest or the largest" in text


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
    symbols = {"supported": "✓", "contradicted": "✗", "mixed": "⇅", "inconclusive": "?"}
    for word, symbol in symbols.items():
        assert f'<span class="verdict {word}">{symbol} {word}</span>' in html


def test_what_was_checked_of_bases_stands_beside_its_criterion(report):
    assert "Manipulation checks" not in render_report(report)
    row = ("facts", "reader", "asked as plain text", 0.3, 0.5, 0.6, -math.inf, math.inf)
    checks = pd.DataFrame([(*row, "at least 80% of the ceiling", False)], columns=CHECK)
    page = Page(render_report(replaced(report, checks=checks)))
    assert "asked as plain text" in page.text and "at least 80% of the ceiling" in page.text
    assert f"{MINUS}∞ to ∞" in page.text


def test_estimates_have_units_intervals_and_may_be_infinite(report):
    text = Page(render_report(report)).text
    assert "+31.0 percentage points" in text
    assert "+27.0 to +35.0" in text
    assert "to ∞" in text


def without_details(html: str) -> str:
    """What is seen without a click, as text."""
    return " ".join(Page(re.sub(r"(?s)<details>.*?</details>", "", html)).text.split())


def rows_of(html: str) -> list[str]:
    """Each row of each table, with a space between its cells."""
    return re.findall(r"(?s)<tr>.*?</tr>", html.replace("</td>", " </td>"))


def test_under_each_verdict_stands_what_it_is_worth_without_a_click(report):
    rests = report.claims.assign(rests_on=["addition", "", "", "", "", ""])
    seen = without_details(render_report(replaced(report, claims=rests)))
    assert "Decides: short minus none, as many steps: above +5.0; p 0.001" in seen
    assert "corrected for the study\N{RIGHT SINGLE QUOTATION MARK}s claims 0.003" in seen
    assert "Task by task: addition: ✓ supported listops: ? inconclusive" in seen
    assert "all tasks together: ✓ supported without addition: ? inconclusive" in seen
    assert "So it rests on addition" in seen
    assert "the interval speaks of this one base: decoder-150k" in seen


def test_every_condition_stands_behind_a_click_met_or_not(report):
    html = render_report(report)
    assert "mean of levels minus none" not in without_details(html)
    rows = [" ".join(Page(row).text.split()) for row in rows_of(html)]
    assert f"{LEAST} +31.0 +27.0 to +35.0 0.001 above +5.0 met" in rows
    assert f"{LEAST} +2.0 {MINUS}10.0 to +10.0 0.400 above +5.0 not met" in rows
    assert f"listops: mean of levels minus none +30.0 +20.0 to +40.0 0.001 {DASH} {DASH}" in rows
    heads = ("All tasks together: ✓ supported", "Without addition: ? inconclusive")
    for head in (*heads, "Task listops: ? inconclusive", "Beside these, deciding nothing"):
        assert head in rows


def test_of_one_task_the_conditions_are_there_once(report):
    one = BY_TASK[BY_TASK["task"].isin(["all", "listops"])]
    html = render_report(replaced(report, by_task=one))
    assert "All tasks together" not in html
    assert "What it rests on: one task alone." in without_details(html)


def test_a_study_that_was_not_registered_says_so(report):
    assert "Not registered: make register before the data" in without_details(render_report(report))


SETTINGS = {"title": "What explanations do", "training": {"epochs": 4}, "grids": []}


def registered_in(folder: Path, **changes) -> Path:
    statement = stated("explanations", SETTINGS, ["C1"], {"C1": 0.05})
    power = [{"claim": "C1", "plan": "as it is", "distance": 0.12, "runs": 18, "missing": ""}]
    path = folder / "explanations.yaml"
    path.write_text(yaml.safe_dump({**statement, "power": power, **changes}))
    return path


def test_the_study_that_was_registered_is_recognised_with_its_power(report, tmp_path):
    ran = stated("explanations", SETTINGS, ["C1"], {"C1": 0.05})
    registration = read_registration(registered_in(tmp_path), ran)
    seen = without_details(render_report(replaced(report, registration=registration)))
    assert f"Registered before the data, with the hash {ran['hash'][:12]}" in seen
    assert "The study that ran is the one that was registered." in seen
    assert "truth lies 0.12 beyond the criterion" in seen


def test_deviations_from_what_was_registered_are_listed(report, tmp_path):
    ran = stated("explanations", {**SETTINGS, "training": {"epochs": 8}}, ["C1"], {"C1": 0.01})
    registration = read_registration(registered_in(tmp_path), ran)
    seen = without_details(render_report(replaced(report, registration=registration)))
    assert "The study that ran is not the one that was registered:" in seen
    assert "training.epochs: registered was 4, it ran with 8." in seen
    assert "claims.C1.margin: registered was 0.05, it ran with 0.01." in seen


def test_a_registered_file_that_was_changed_afterwards_is_told(report, tmp_path):
    ran = stated("explanations", SETTINGS, ["C1"], {"C1": 0.05})
    registration = read_registration(registered_in(tmp_path, title="Another"), ran)
    seen = without_details(render_report(replaced(report, registration=registration)))
    assert "it no longer has that hash" in seen


def test_a_file_that_registers_nothing_is_refused_with_the_remedy(tmp_path):
    path = tmp_path / "registered.yaml"
    for text in ("a: [", "only text", "title: no hash"):
        path.write_text(text)
        with pytest.raises(ShowhowError, match=r"make register.*commit"):
            read_registration(path, {})


def contrast(model: str, match: str, *found: object) -> tuple:
    return ("gpt4", "human", "sums", model, 1000, match, "test", 0.75, 0.72, *found)


NONE = (float("nan"),) * 4
CONTRASTS = pd.DataFrame(
    [
        contrast("small", "examples", 0.031, -0.002, 0.064, 0.03, 0.06, "seed", 5, 300, 10),
        contrast("large", "steps", -0.031, *NONE, "seed", 1, 1300, 2),
    ],
    columns=COLUMNS,
)


def test_what_is_compared_is_a_sentence_with_its_p_corrected(report):
    html = render_report(replaced(report, comparisons=CONTRASTS))
    rows = [" ".join(Page(row).text.split()) for row in rows_of(html)]
    said = f"gpt4 minus human: +0.031 [{MINUS}0.002, +0.064], 5 seeds, 300 problems"
    assert f"sums small 1,000 test {said} 0.030 0.060" in rows
    lone = f"gpt4 minus human: {MINUS}0.031, 1 seed, which gives no interval, 1,300 problems"
    assert f"sums large 1,000 matched steps test {lone} {DASH} {DASH}" in rows
    assert "corrected for all 2 contrasts" in without_details(html)


def test_the_figure_of_what_is_compared_stands_beside_it(report, folder):
    save_figure(Figure(figsize=(1, 1)), folder / "comparison.png")
    (folder / "comparison.txt").write_text("Variants compared\n\nCaption.\n")
    figures = (*report.figures, read_figure(folder, "comparison"))
    html = render_report(replaced(report, comparisons=CONTRASTS, figures=figures))
    places = [html.index(f'id="{part}"') for part in ("claims", "comparisons", "figure-comparison")]
    assert [*places, html.index('id="figures"')] == sorted([*places, html.index('id="figures"')])
    assert html.count('id="figure-comparison"') == 1
    alone = render_report(replaced(report, figures=figures))
    assert alone.count('id="figure-comparison"') == 1
    assert 'id="comparisons"' not in alone


def test_a_study_without_claims_has_none_in_its_report(report):
    none = replaced(report, claims=claims_table().iloc[:0], by_task=BY_TASK.iloc[:0])
    html = render_report(none)
    seen = without_details(html)
    for word in ("Claims", "Verdict", "Not registered", "inconclusive"):
        assert word not in seen
    assert 'class="verdict' not in html
    assert "Overview" in seen
    bare = render_report(replaced(none, figures=()))
    assert 'id="claims"' not in bare
    assert 'id="tables"' in bare
    compared = render_report(replaced(none, figures=(), comparisons=CONTRASTS))
    assert "Not registered" in without_details(compared)
    assert 'href="#comparisons"' in compared


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
    text = Page(render_report(empty)).text
    assert text.count("Nothing could be compared.") == len(claims)


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
    for said in ("1,234", "1,200 questions", "2 that the test set asks", "96.0 %", "own-words"):
        assert said in text
    for said in ("gpt (gpt-5)", "12,345", "0.2500"):
        assert said in text


def test_what_bases_have_read_of_the_problems_is_counted(report, tmp_path):
    counts = tmp_path / "counts.csv"
    counts.write_text("split,problems,prompts_met,solutions_met\ntest,1300,0,17\nlonger,600,3,\n")
    shown = replaced(report, contamination=tuple(read_contamination("sums", ["a", "b"], counts)))
    page = render_report(shown)
    for row in (("test", "1,300", "0", "17"), ("longer", "600", "3", DASH)):
        split, *numbers = row
        cells = "".join(f'<td class="number">{number}</td>' for number in numbers)
        assert f"<tr><td>sums</td><td>a, b</td><td>{split}</td>{cells}</tr>" in page


def test_whether_answers_follow_is_shown_only_where_it_was_measured(report):
    assert "Faithfulness" not in Page(render_report(report)).text
    counts = {"problems": 200, "asked": 100, "other": 0, "unread": 0, "control_kept": 100}
    arm = {"task": "listops", "model": "decoder-40k", "variant": "long", "n_train": 500}
    measured = pd.DataFrame(
        {**arm, "match": "examples", "seed": seed, "qualified": 150, **counts}
        | {"followed": followed, "kept": 100 - followed}
        for seed, followed in ((1, 70), (2, 81))
    )
    rows = faithfulness_rows(measured)
    assert [(row["seeds"], row["qualified"], row["asked"]) for row in rows] == [(2, 300, 200)]
    text = Page(render_report(replaced(report, faithfulness=rows))).text
    assert "Faithfulness" in text
    assert "75.5" in text
    assert "24.5" in text


def test_warnings_stand_above_the_data_and_predictions_are_folded(report):
    example = Example("unread", "test-1", "Why?", "So: 4", "<b>4</b>", None, "4", True)
    shown = replaced(
        report,
        warnings=("mine: nothing was read.",),
        examples=(ExamplesOfRun("mine", "human", "s/mine/human/small/n8/seed1", (example,)),),
    )
    html = render_report(shown)
    assert html.index('id="data"') < html.index('class="warning">mine: nothing was read.')
    assert "<details><summary>mine, human" in html
    assert "&lt;b&gt;4&lt;/b&gt; <small>cut off</small>" in html
    assert "<td>nothing</td><td>4</td>" in html
