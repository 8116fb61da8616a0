"""Truths about ways of writing on bases of two voices: what the scenarios of F1 to F6 share."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from showhow.analysis.evidence import AboutBases, Arm, Evidence
from showhow.calibration.scenarios.levels import Study
from showhow.calibration.simulation import Design, Truth, simulate

TASKS = ("addition", "listops")
VOICES = {"voice-a": "a", "voice-b": "b"}
N = 400
PERPLEXITY = {
    "self_generated": 1.1,
    "familiar": 1.3,
    "minimum_change": 1.4,
    "own_words_other_order": 3.0,
    "other_words_own_order": 4.5,
    "unfamiliar": 9.0,
    "unfamiliar_longer": 7.0,
}
DOUBLINGS = {kind: float(np.log2(value)) for kind, value in PERPLEXITY.items()}


def ways_of_writing(
    accuracy: Mapping[str, float],
    tasks: tuple[str, ...] = TASKS,
    models: tuple[str, ...] = tuple(VOICES),
) -> dict[Arm, float]:
    """The same accuracies by kind on every task and base."""
    return {
        Arm(task, kind, model, N, "test"): right
        for task in tasks
        for model in models
        for kind, right in accuracy.items()
    }


def perplexity_table(perplexity: Mapping[str, float] = PERPLEXITY) -> pd.DataFrame:
    return pd.DataFrame(
        {"task": task, "variant": kind, "model": model, "mean": mean}
        for task in TASKS
        for model in VOICES
        for kind, mean in perplexity.items()
    )


def study_of_voices(
    accuracy: Mapping[Arm, float], perplexity: Mapping[str, float] = PERPLEXITY
) -> Study:
    """Draw studies of one truth, on bases of both voices."""
    truth = Truth(accuracy)
    about = AboutBases(voices=VOICES, perplexity=perplexity_table(perplexity))

    def study(design: Design, rng: np.random.Generator) -> Evidence:
        return simulate(truth, design, rng, about)

    return study
