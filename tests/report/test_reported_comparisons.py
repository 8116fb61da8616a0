"""What a study compares, in its report."""

import pandas as pd
from reported_study import Page, draw, render, replaced, rows_of, without_details

from showhow.analysis.comparisons import COLUMNS
from showhow.report.tables import DASH, MINUS


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
    html = render(replaced(report, tables={"comparisons": CONTRASTS}))
    rows = [" ".join(Page(row).text.split()) for row in rows_of(html)]
    said = f"gpt4 minus human: +0.031 [{MINUS}0.002, +0.064], 5 seeds, 300 problems"
    assert f"sums small 1,000 test {said} 0.030 0.060" in rows
    lone = f"gpt4 minus human: {MINUS}0.031, 1 seed, which gives no interval, 1,300 problems"
    assert f"sums large 1,000 matched steps test {lone} {DASH} {DASH}" in rows
    assert "corrected for all 2 contrasts" in without_details(html)


def test_the_figure_of_what_is_compared_stands_beside_it(report, folder):
    draw(folder, "comparison", title="Variants compared", caption="Caption.")
    figures = (*report.figures, "comparison")
    html = render(replaced(report, tables={"comparisons": CONTRASTS}, figures=figures))
    places = [html.index(f'id="{part}"') for part in ("claims", "comparisons", "figure-comparison")]
    assert [*places, html.index('id="figures"')] == sorted([*places, html.index('id="figures"')])
    assert html.count('id="figure-comparison"') == 1
    alone = render(replaced(report, figures=figures))
    assert alone.count('id="figure-comparison"') == 1
    assert 'id="comparisons"' not in alone
