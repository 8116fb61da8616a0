"""The figures of the familiarity study draw it, and say what they need where it is not there."""

import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from showhow.figures import load_figure
from showhow.figures.capacity import curves
from showhow.figures.figure import FigureData, caption_of
from showhow.figures.published_familiarity import published
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


def test_capacity_orders_the_models_of_a_base_by_what_they_train(arms):
    low = {"base-a": "lora-a", "base-b": "lora-b"}
    tables = [
        pd.concat(
            [
                table.assign(trainable_parameters=144_000),
                table.assign(model=table["model"].map(low), trainable_parameters=2_000),
            ]
        )
        for table in (arms.runs, arms.items)
    ]
    voices = {**arms.voices, **{low[model]: voice for model, voice in arms.voices.items()}}
    data = replace(arms, runs=tables[0], items=tables[1], voices=voices)
    drawn = load_figure("capacity").draw(data)
    assert not is_empty(drawn)
    for by_variant in curves(data).values():
        assert [weights for weights, _ in by_variant["familiar"]] == [2_000, 144_000]
    assert is_empty(load_figure("capacity").draw(replace(data, voices={})))


def test_published_numbers_are_drawn_with_the_rank_correlation_that_they_have(arms):
    figure = load_figure("published_familiarity").draw(arms)
    notes = [text.get_text() for axes in figure.axes for text in axes.texts]
    assert len(notes) == len(published()) == 5
    assert notes[0] == "r = \N{MINUS SIGN}0.70"  # Mistral on GSM8K
    assert all(len(points) == 5 for points in published().values())


@pytest.mark.parametrize("name", FIGURES)
def test_a_study_without_what_it_needs_is_told(name, arms):
    bare = replace(arms, perplexity=None, retention=None, voices={})
    assert is_empty(load_figure(name).draw(bare))


@pytest.mark.parametrize("name", FIGURES)
def test_the_caption_names_the_interval_and_the_seeds(name, arms):
    caption = caption_of(load_figure(name), arms)
    assert "95% interval over seeds and problems" in caption
    assert "3 seeds" in caption


def test_the_swap_shows_each_voice_on_each_base(arms):
    cells = taught(arms)["sums"]
    for base in ("a", "b"):
        other = "b" if base == "a" else "a"
        assert cells[base, base].value == pytest.approx(FAMILIARITY_HELPS["familiar"], abs=0.1)
        assert cells[base, other].value == pytest.approx(FAMILIARITY_HELPS["unfamiliar"], abs=0.1)
