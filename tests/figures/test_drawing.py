"""Every figure draws what a study has, in the same bytes, and says what it shows."""

from dataclasses import replace

import pytest

from showhow.base.errors import ShowhowError
from showhow.figures import figure_names, load_figure
from showhow.figures.figure import caption_of, views_of
from showhow.figures.style import FULL_WIDTH, is_empty, save_figure, style_of

FAMILIARITY = {
    *("accuracy_over_perplexity", "swap", "retention", "detail_against_familiarity"),
    *("capacity", "published_familiarity"),
}
KNOWLEDGE = {
    *("data_size", "level_matrix", "exposure_and_level", "known_and_unknown"),
    "divergence_over_n",
}
"""Both have a study and tests of their own."""
MEASURED = {"faithfulness"}
"""What needs a probe; with tests of its own as well."""

OF_EXPLANATIONS = [
    name for name in figure_names() if name not in FAMILIARITY | KNOWLEDGE | MEASURED
]
EMPTY_IN_TINY = {"controls", "accuracy_by_depth_and_root"}
EMPTY_IN_LONE = EMPTY_IN_TINY | {"overview", "gain_over_size", "comparison"}


def test_figures_are_found_by_being_in_the_folder():
    assert {"overview", "accuracy_over_n", "controls"} <= set(figure_names())
    assert "style" not in figure_names()


def test_an_unknown_figure_is_named_with_the_known_ones():
    with pytest.raises(ShowhowError, match=r"'acuracy'.*accuracy_over_n"):
        load_figure("acuracy")


@pytest.mark.parametrize("name", OF_EXPLANATIONS)
def test_a_figure_fits_its_page_and_is_the_same_bytes_each_time(name, full, tmp_path):
    figure = load_figure(name)
    first, second = figure.draw(full), figure.draw(full)
    for suffix in (".png", ".pdf"):
        save_figure(first, tmp_path / f"first{suffix}")
        save_figure(second, tmp_path / f"second{suffix}")
        content = (tmp_path / f"first{suffix}").read_bytes()
        assert content == (tmp_path / f"second{suffix}").read_bytes()
        assert b"CreationDate" not in content
    assert not is_empty(first)
    assert first.get_figwidth() <= FULL_WIDTH
    assert_nothing_is_cut(first)


@pytest.mark.parametrize("name", OF_EXPLANATIONS)
@pytest.mark.parametrize(("study", "empty"), [("tiny", EMPTY_IN_TINY), ("lone", EMPTY_IN_LONE)])
def test_a_small_study_is_drawn_or_the_figure_says_what_it_needs(
    name, study, empty, studies, tmp_path
):
    drawn = load_figure(name).draw(studies[study])
    save_figure(drawn, tmp_path / "figure.png")
    assert is_empty(drawn) == (name in empty)
    if is_empty(drawn):
        assert "This figure needs" in drawn.axes[0].texts[0].get_text()
    assert_nothing_is_cut(drawn)


@pytest.mark.parametrize("name", OF_EXPLANATIONS)
def test_every_view_draws(name, full):
    figure = load_figure(name)
    for task, model in views_of(figure, full):
        drawn = figure.draw(full.view(task, model))
        drawn.draw_without_rendering()
        assert_nothing_is_cut(drawn)


@pytest.mark.parametrize("name", OF_EXPLANATIONS)
def test_the_caption_names_the_interval_and_the_seeds(name, full):
    caption = caption_of(load_figure(name), full)
    assert "95% interval over seeds and problems" in caption or "95% Wilson interval" in caption
    assert "3 seeds" in caption
    assert "{" not in caption


def test_the_caption_counts_problems_and_parameters(full):
    caption = caption_of(load_figure("accuracy_over_n"), full)
    assert "40 test problems" in caption
    assert "decoder-600k (600,000 parameters)" in caption


def test_of_one_seed_there_is_no_interval_and_the_caption_says_so(studies):
    caption = caption_of(load_figure("accuracy_over_n"), studies["tiny"])
    assert "which one seed does not give" in caption
    assert "over seeds and problems" not in caption


def lines_through(figure, points: int) -> int:
    """How many lines of a figure join at least so many points."""
    return sum(
        line.get_linestyle() not in ("None", "", ":") and len(set(line.get_xdata())) >= points
        for axes in figure.axes
        for line in axes.lines
    )


def test_points_of_different_numbers_of_steps_are_not_joined(full):
    drawn = load_figure("accuracy_over_n").draw(full)
    assert lines_through(drawn, 2) == 0
    equal = replace(full, runs=full.runs.assign(steps=100))
    assert lines_through(load_figure("accuracy_over_n").draw(equal), 2) > 0


@pytest.mark.parametrize("name", ["accuracy_over_n", "learning_curves", "overview"])
def test_the_best_shortcut_is_a_line_in_figures_of_accuracy(name, full):
    data = replace(full, runs=full.runs.assign(shortcut_accuracy=0.4375))
    drawn = load_figure(name).draw(data)
    lines = [line.get_ydata() for axes in drawn.axes for line in axes.lines]
    assert [0.4375, 0.4375] in [list(heights) for heights in lines]


def test_the_overview_draws_every_level_and_chooses_none(full):
    drawn = load_figure("overview").draw(full)
    gains = drawn.axes[1]
    colours = {line.get_color() for line in gains.lines}
    styles = {style_of(level, full.study_variants).colour for level in ("short", "medium", "long")}
    assert styles <= colours


def test_controls_are_differences_from_the_explanation_with_every_seed(full):
    drawn = load_figure("controls").draw(full)
    (axes,) = [each for each in drawn.axes if each.get_title().endswith("decoder-40k")][:1]
    labels = [label.get_text() for label in axes.get_yticklabels()]
    assert {"none", "filler", "wrong steps", "none, matched target tokens"} <= set(labels)
    assert "medium" not in labels
    seeds = [line for line in axes.lines if line.get_marker() == "."]
    assert [len(line.get_xdata()) for line in seeds] == [3] * len(labels)


def test_pairs_are_panels_and_their_rows_are_task_model_and_size(full):
    drawn = load_figure("comparison").draw(full)
    titles = [axes.get_title() for axes in drawn.axes]
    assert titles == ["medium\nminus none", "long\nminus none", "wrong steps\nminus long"]
    rows = [label.get_text() for label in drawn.axes[0].get_yticklabels()]
    assert "listops · decoder-40k · N = 500" in rows
    assert "addition · decoder-40k · N = 8k" in rows
    assert len(rows) == len(set(rows)) == 6
    of_medium = full.comparisons.query("first == 'medium' and split == 'test'")
    means = [line.get_xdata()[0] for line in drawn.axes[0].lines if line.get_marker() == "o"]
    assert sorted(means) == sorted(of_medium["estimate"])
    seeds = [line for line in drawn.axes[0].lines if line.get_marker() == "."]
    assert [len(line.get_xdata()) for line in seeds] == [3] * len(of_medium)


def test_a_study_that_compares_nothing_is_told_how(full):
    drawn = load_figure("comparison").draw(replace(full, comparisons=None))
    assert "compare:" in drawn.axes[0].texts[0].get_text()


def test_without_claims_the_overview_has_no_row_of_verdicts(full):
    without = load_figure("overview").draw(replace(full, claims=full.claims.iloc[:0]))
    assert len(without.axes) == 2
    assert_nothing_is_cut(without)


def assert_nothing_is_cut(figure):
    figure.draw_without_rendering()
    box = figure.get_tightbbox()
    slack = 0.06
    assert box.x0 > -slack
    assert box.y0 > -slack
    assert box.x1 < figure.get_figwidth() + slack
    assert box.y1 < figure.get_figheight() + slack
