"""The figures of the familiarity study draw it, and say what they need where it is not there."""

import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from showhow.figures import load_figure
from showhow.figures.figure import FigureData, caption_of
from showhow.figures.style import FULL_WIDTH, is_empty, save_figure
from showhow.figures.swap import taught

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))

from simulated_arms import (
    FAMILIARITY_HELPS,
    VOICES,
    items_table,
    perplexity_table,
    retention_table,
    runs_table,
)

FIGURES = ("accuracy_over_perplexity", "swap", "retention", "detail_against_familiarity")


@pytest.fixture(scope="module")
def arms() -> FigureData:
    items = items_table()
    nothing = pd.DataFrame()
    measured = {"perplexity": perplexity_table(), "retention": retention_table()}
    return FigureData(
        runs_table(items), items, nothing, nothing, nothing, voices=VOICES, **measured
    )


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_fits_its_page_and_is_the_same_bytes_each_time(name, arms, tmp_path):
    drawn = [load_figure(name).draw(arms) for _ in range(2)]
    for number, figure in enumerate(drawn):
        save_figure(figure, tmp_path / f"{number}.pdf")
    assert (tmp_path / "0.pdf").read_bytes() == (tmp_path / "1.pdf").read_bytes()
    assert not is_empty(drawn[0])
    assert drawn[0].get_figwidth() <= FULL_WIDTH


@pytest.mark.parametrize("name", FIGURES)
def test_a_study_without_what_it_needs_is_told(name, arms):
    bare = replace(arms, perplexity=None, retention=None, voices={})
    assert is_empty(load_figure(name).draw(bare))


@pytest.mark.parametrize("name", FIGURES)
def test_the_caption_names_the_interval_and_the_seeds(name, arms):
    caption = caption_of(load_figure(name), arms)
    assert "95% hierarchical bootstrap interval" in caption
    assert "3 seeds" in caption


def test_the_swap_shows_each_voice_on_each_base(arms):
    cells = taught(arms)["sums"]
    for base in ("a", "b"):
        other = "b" if base == "a" else "a"
        assert cells[base, base].value == pytest.approx(FAMILIARITY_HELPS["familiar"], abs=0.1)
        assert cells[base, other].value == pytest.approx(FAMILIARITY_HELPS["unfamiliar"], abs=0.1)
