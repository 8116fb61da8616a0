"""Simulated studies that the figures are drawn from."""

import sys
from pathlib import Path

import pandas as pd
import pytest

from showhow.analysis.comparisons import answers_of, compared
from showhow.figures.figure import FigureData

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))

from simulated_study import (
    Arm,
    SimulatedStudy,
    claims_table,
    groups_table,
    items_table,
    runs_table,
)

NO_CONTRASTS = ["id", "task", "contrast", "estimate", "ci_low", "ci_high", "p", "n", "demand"]


def full_study() -> SimulatedStudy:
    """Everything that a figure can show, small: an unbalanced grid with controls."""
    arms = [
        Arm("listops", variant, model, n_train)
        for variant in ("none", "short", "medium", "long")
        for model in ("decoder-40k", "decoder-600k")
        for n_train in (500, 8000)
    ]
    arms += [Arm("listops", variant, "t5-250k", 8000) for variant in ("none", "medium")]
    arms += [Arm("listops", "none", "decoder-150k-random", 8000)]
    controls = ("answer_first", "shuffled_steps", "wrong_steps", "filler", "mixture")
    arms += [Arm("listops", control, "decoder-40k", 8000) for control in controls]
    arms += [Arm("listops", "none", "decoder-40k", 8000, "target_tokens")]
    arms += [Arm("addition", variant, "decoder-40k", 8000) for variant in ("none", "long")]
    return SimulatedStudy(tuple(arms), splits=("test", "longer", "deeper"), n_test=40)


def tiny_study() -> SimulatedStudy:
    """One seed, one size, one training size, two variants, one split."""
    arms = tuple(Arm("parity", variant, "decoder-40k", 500) for variant in ("none", "medium"))
    return SimulatedStudy(arms, seeds=(1,), splits=("test",), n_test=20)


def lone_study() -> SimulatedStudy:
    """A single variant, which nothing can be compared with."""
    return SimulatedStudy((Arm("addition", "long", "decoder-40k", 500),), seeds=(1,), n_test=20)


PAIRS = [("medium", "none"), ("long", "none"), ("wrong_steps", "long")]


def tables_of(study: SimulatedStudy) -> FigureData:
    items = items_table(study)
    return FigureData(
        runs=runs_table(study),
        items=items,
        groups=groups_table(study),
        claims=claims_table(),
        by_task=pd.DataFrame(columns=NO_CONTRASTS),
        comparisons=compared(answers_of(items), PAIRS),
    )


@pytest.fixture(scope="session")
def full() -> FigureData:
    return tables_of(full_study())


@pytest.fixture(scope="session")
def studies(full) -> dict[str, FigureData]:
    return {"full": full, "tiny": tables_of(tiny_study()), "lone": tables_of(lone_study())}
