"""The report holds the whole study in one file that loads nothing else."""

import re

from reported_study import BY_TASK, Page, render, replaced, without_details
from simulated_study import claims_table
from test_reported_comparisons import CONTRASTS


def test_the_report_opens_with_the_claims_and_the_overview(report):
    html = render(report)
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


def test_a_study_without_claims_has_none_in_its_report(report):
    none = replaced(report, claims=claims_table().iloc[:0], by_task=BY_TASK.iloc[:0])
    html = render(none)
    seen = without_details(html)
    for word in ("Claims", "Verdict", "Not registered", "inconclusive"):
        assert word not in seen
    assert 'class="verdict' not in html
    assert "Overview" in seen
    bare = render(replaced(none, figures=()))
    assert 'id="claims"' not in bare
    assert 'id="tables"' in bare
    compared = render(replaced(none, figures=(), tables={"comparisons": CONTRASTS}))
    assert "Not registered" in without_details(compared)
    assert 'href="#comparisons"' in compared


def test_the_report_loads_nothing_from_outside(report):
    html = render(report)
    page = Page(html)
    assert page.loads
    assert all(address.startswith("data:image/png;base64,") for address in page.loads)
    assert not re.search(r"https?://|@import|url\(|fetch\(|XMLHttpRequest", html)


def test_accuracy_is_given_per_arm_as_mean_and_range_over_seeds(report, runs):
    text = " ".join(Page(render(report)).text.split())
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
    text = Page(render(report)).text
    train = costs[costs["stage"] == "train"]
    assert f"{train['wall_seconds'].sum():,.1f}" in text
    share = 100 * costs["startup_cpu_seconds"].sum() / costs["cpu_seconds"].sum()
    assert f"{share:.1f} %" in text


def test_sizes_are_told_and_small_models_are_not_the_papers_result(report):
    text = Page(render(report)).text
    assert "decoder-600k (600,000 parameters)" in text
    assert "It is not the paper" in text
    large = replaced(report, runs=report.runs.assign(parameters=60_506_624))
    assert "It is not the paper" not in Page(render(large)).text


def test_names_are_escaped(report):
    evil = "<script>alert(1)</script>"
    runs = report.runs.assign(task=evil)
    html = render(replaced(report, runs=runs, title=evil, study=evil, configuration=evil))
    assert evil not in html
    assert "&lt;script&gt;alert(1)" in html


def test_equal_input_gives_equal_bytes_without_a_date(report):
    html = render(report)
    assert html == render(report)
    assert not re.search(r"20[2-9]\d-\d\d-\d\d", html)


def test_a_study_without_contrasts_costs_or_verdict_is_reported(report):
    claims = claims_table().assign(estimate=float("nan"), p=float("nan"))
    empty = replaced(report, by_task=BY_TASK.iloc[:0], costs=report.costs.iloc[:0], claims=claims)
    text = Page(render(empty)).text
    assert text.count("Nothing could be compared.") == len(claims)


def test_without_data_of_ones_own_nothing_is_said_of_data(report):
    """Where there is nothing to warn of either: warnings stand above the data."""
    sound = report.runs.assign(majority_accuracy=0.0, unparseable=0, truncated=0)
    assert 'id="data"' not in render(replaced(report, runs=sound))
