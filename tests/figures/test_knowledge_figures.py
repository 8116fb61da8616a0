"""The figures of the knowledge study draw it, and say what they need where it is not there."""

import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from showhow.figures import load_figure
from showhow.figures.figure import FigureData, caption_of
from showhow.figures.level_matrix import PUBLISHED, measured
from showhow.figures.style import FULL_WIDTH, is_empty, save_figure

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))

from simulated_arms import runs_table
from simulated_knowledge import (
    as_published,
    items_table,
    memory_table,
    retention_table,
)

FIGURES = (
    *("data_size", "level_matrix", "exposure_and_level", "known_and_unknown"),
    "divergence_over_n",
)


@pytest.fixture(scope="module")
def knowledge() -> FigureData:
    items = items_table()
    nothing = pd.DataFrame()
    about = {"memory": memory_table(), "retention": retention_table()}
    return FigureData(runs_table(items), items, nothing, nothing, nothing, **about)


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_fits_its_page_and_is_the_same_bytes_each_time(name, knowledge, tmp_path):
    drawn = [load_figure(name).draw(knowledge) for _ in range(2)]
    for number, figure in enumerate(drawn):
        save_figure(figure, tmp_path / f"{number}.pdf")
    assert (tmp_path / "0.pdf").read_bytes() == (tmp_path / "1.pdf").read_bytes()
    assert not is_empty(drawn[0])
    assert drawn[0].get_figwidth() <= FULL_WIDTH


@pytest.mark.parametrize("name", FIGURES)
def test_a_study_without_what_it_needs_is_told(name, knowledge):
    assert is_empty(load_figure(name).draw(replace(knowledge, memory=None, retention=None)))


@pytest.mark.parametrize("name", FIGURES)
def test_the_caption_is_filled_in(name, knowledge):
    caption = caption_of(load_figure(name), knowledge)
    assert "{" not in caption
    assert caption.endswith(".")


def test_the_matrix_has_the_accuracies_of_the_study(knowledge):
    matrices = measured(knowledge)
    assert len(matrices) == 2
    for title, matrix in matrices.items():
        assert "N = 240" in title
        model = "base-a" if "base-a" in title else "base-b"
        for trained in range(5):
            for tested in range(5):
                expected = as_published(f"level_{trained}", 240, tested, model)
                assert matrix[trained, tested] == pytest.approx(100 * expected, abs=10)


def test_the_published_matrix_has_the_means_that_were_published_with_it():
    means = PUBLISHED.mean(axis=1)
    assert means == pytest.approx([45.47, 52.69, 57.53, 55.15, 53.93], abs=0.01)


def test_the_published_matrix_is_named_as_theirs(knowledge):
    figure = load_figure("level_matrix").draw(knowledge)
    titles = [axes.get_title() for axes in figure.axes]
    assert any("theirs" in title and "LLaMA-3-8B" in title for title in titles)
    assert "not ours" in caption_of(load_figure("level_matrix"), knowledge)


def test_every_correlation_has_its_interval(knowledge):
    figure = load_figure("exposure_and_level").draw(knowledge)
    assert all("Spearman" in axes.get_title() for axes in figure.axes)
