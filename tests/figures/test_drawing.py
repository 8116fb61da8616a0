"""Every figure draws what a study has, in the same bytes, and says what it shows."""

import pytest

from showhow.base.errors import ShowhowError
from showhow.figures import figure_names, load_figure
from showhow.figures.figure import caption_of, views_of
from showhow.figures.style import FULL_WIDTH, is_empty, save_figure

FAMILIARITY = {
    *("accuracy_over_perplexity", "swap", "retention", "detail_against_familiarity"),
    *("capacity", "published_familiarity"),
}
KNOWLEDGE = {
    *("data_size", "level_matrix", "exposure_and_level", "known_and_unknown"),
    "divergence_over_n",
}
"""Both have a study and tests of their own."""

OF_EXPLANATIONS = [name for name in figure_names() if name not in FAMILIARITY | KNOWLEDGE]
EMPTY_IN_TINY = {"controls", "n_to_90", "accuracy_by_depth_and_root"}
EMPTY_IN_LONE = EMPTY_IN_TINY | {"overview", "gain_over_size"}


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
    assert "95% hierarchical bootstrap interval" in caption or "95% Wilson interval" in caption
    assert "3 seeds" in caption
    assert "{" not in caption


def test_the_caption_counts_problems_and_parameters(full):
    caption = caption_of(load_figure("accuracy_over_n"), full)
    assert "40 test problems" in caption
    assert "decoder-600k (600,000 parameters)" in caption


def assert_nothing_is_cut(figure):
    figure.draw_without_rendering()
    box = figure.get_tightbbox()
    slack = 0.06
    assert box.x0 > -slack
    assert box.y0 > -slack
    assert box.x1 < figure.get_figwidth() + slack
    assert box.y1 < figure.get_figheight() + slack
