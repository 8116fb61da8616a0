"""One colour and marker per variant, everywhere."""

import itertools

import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st

from showhow.figures.accuracy_over_n import beside
from showhow.figures.figure import family
from showhow.figures.overview import moved_apart
from showhow.figures.style import (
    ARM_STYLES,
    KNOWN_FACTS_STYLES,
    VARIANT_STYLES,
    amount,
    far_apart,
    short_number,
    style_of,
)
from showhow.figures.variants import ARMS, CONTROLS, KNOWN_FACTS, LEVELS, variant_order


@pytest.mark.parametrize("styles", [VARIANT_STYLES, ARM_STYLES, KNOWN_FACTS_STYLES])
def test_no_two_variants_of_a_study_share_a_colour_or_a_marker(styles):
    for one, other in itertools.combinations(styles.values(), 2):
        assert one.marker != other.marker
        assert colour_distance(one.colour, other.colour) > 0.2


def test_every_built_in_variant_has_a_style():
    assert {*VARIANT_STYLES, *KNOWN_FACTS_STYLES} == {*LEVELS, *CONTROLS, *KNOWN_FACTS}
    assert set(ARM_STYLES) == set(ARMS)


def test_a_variant_of_the_user_keeps_its_style_in_every_view(full):
    study = ("none", "mine", "yours")
    assert style_of("mine", study) == style_of("mine", study)
    assert style_of("mine", study) != style_of("yours", study)
    view = full.view("addition")
    assert view.study_variants == full.study_variants


@given(st.lists(st.sampled_from([*LEVELS, *CONTROLS, "mine", "yours"]), unique=True))
def test_levels_come_first_and_controls_last(variants):
    order = variant_order(variants)
    assert sorted(order) == sorted(variants)
    levels = [name for name in order if name in LEVELS]
    controls = [name for name in order if name in CONTROLS]
    assert order[: len(levels)] == levels == [name for name in LEVELS if name in variants]
    assert order[len(order) - len(controls) :] == controls


def test_variants_of_the_user_stand_as_the_study_writes_them():
    study = ("gpt4", "none", "human", "filler", "claude")
    assert variant_order(["claude", "filler", "gpt4", "human", "none"], study) == [
        *("none", "gpt4", "human", "claude", "filler"),
    ]


@pytest.mark.parametrize("built_in", [(), ("none", "medium"), tuple(VARIANT_STYLES)])
def test_variants_of_the_user_look_like_no_other_of_the_study(built_in):
    own = ("gpt4", "human", "claude")
    study = (*built_in, *own)
    markers = [style_of(name, study).marker for name in study]
    assert len(set(markers)) == len(markers)
    shown_together = [name for name in study if name not in CONTROLS]
    colours = [style_of(name, study).colour for name in shown_together]
    assert len(set(colours)) == len(colours)


def test_amounts_below_a_thousand_are_written_out():
    written = ["8", "500", "$10^{3}$", r"$2 \times 10^{4}$", "$10^{11}$"]
    assert [amount(number) for number in (8, 500, 1000, 20_000, 1e11)] == written


def test_variants_of_one_size_stand_around_it_and_one_alone_upon_it():
    assert beside(40, "none", ["none"], 0.02) == 40
    three = [beside(40, name, ["a", "b", "c"], 0.02) for name in "abc"]
    assert three[1] == 40 and three == sorted(three)
    assert three[2] / three[0] < 1.05


@given(st.lists(st.floats(0, 1), min_size=1, max_size=10))
def test_labels_of_curves_do_not_touch_and_stay_above_the_axis(ends):
    heights = moved_apart(sorted(ends, reverse=True), 0.085)
    assert min(heights) >= 0
    assert all(a - b > 0.0849 for a, b in itertools.pairwise(heights))


def test_sizes_of_one_family_share_their_name():
    assert family("decoder-40k") == family("decoder-600k") == "decoder"
    assert family("t5-small") == family("t5-3b") == "t5"
    assert family("decoder-150k-random") != "decoder"


def test_numbers_are_short():
    numbers = (500, 2000, 1500, 60_506_624)
    assert [short_number(number) for number in numbers] == ["500", "2k", "1.5k", "60.5M"]


def test_ticks_of_training_sizes_do_not_run_into_each_other():
    assert far_apart([120, 240, 320, 480, 960]) == [120, 240, 480, 960]


def colour_distance(one: str, other: str) -> float:
    pairs = zip(matplotlib.colors.to_rgb(one), matplotlib.colors.to_rgb(other), strict=True)
    return sum((a - b) ** 2 for a, b in pairs) ** 0.5
