"""The figure of changed steps draws what was measured, and says what it needs where nothing was."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from showhow.figures import load_figure
from showhow.figures.faithfulness import mean_over_seeds
from showhow.figures.figure import ARM, caption_of
from showhow.figures.style import FULL_WIDTH, is_empty, save_figure
from showhow.probes.faithfulness import OUTCOMES


def measured_of(data, asked: int = 20) -> pd.DataFrame:
    """Give a row a run that explains, three quarters of whose answers follow."""
    runs = data.runs[(data.runs["split"] == "test") & data.runs["variant"].isin(["short", "long"])]
    table = runs[[*ARM, "seed"]].assign(asked=asked, **dict.fromkeys(OUTCOMES, 0))
    kept = asked // 4 + table["seed"] - 2
    return table.assign(kept=kept, followed=asked - kept)


@pytest.fixture(scope="module")
def measured(full):
    return replace(full, faithfulness=measured_of(full))


def test_it_fits_its_page_and_is_the_same_bytes_each_time(measured, tmp_path):
    figure = load_figure("faithfulness")
    for number in range(2):
        drawn = figure.draw(measured)
        save_figure(drawn, tmp_path / f"{number}.pdf")
    assert (tmp_path / "0.pdf").read_bytes() == (tmp_path / "1.pdf").read_bytes()
    assert not is_empty(drawn)
    assert drawn.get_figwidth() <= FULL_WIDTH
    labels = {text.get_text() for axes in drawn.axes for text in axes.get_yticklabels()}
    assert "short (60)" in labels


def test_without_anything_measured_it_says_what_it_needs(full, measured):
    nobody = measured.faithfulness.assign(asked=0, kept=0, followed=0)
    for data in (full, replace(full, faithfulness=nobody)):
        drawn = load_figure("faithfulness").draw(data)
        assert is_empty(drawn)
        assert "probes: {faithfulness" in drawn.axes[0].texts[0].get_text()


def test_the_caption_is_filled_in(measured):
    caption = caption_of(load_figure("faithfulness"), measured)
    assert "3 seeds" in caption
    assert "{" not in caption


def test_the_interval_is_over_seeds_and_within_a_share():
    runs = pd.DataFrame({"asked": [10, 20, 40], "followed": [9, 20, 38]})
    mean = mean_over_seeds(runs, "followed")
    assert mean.value == pytest.approx((0.9 + 1.0 + 0.95) / 3)
    assert mean.seeds == (0.9, 1.0, 0.95)
    half = 4.3027 * 0.05 / 3**0.5  # t of 2 degrees of freedom, and the shares' deviation
    assert mean.low == pytest.approx(0.95 - half, abs=1e-4)
    assert mean.high == 1.0
    assert np.isnan(mean_over_seeds(runs[:1], "followed").low)
