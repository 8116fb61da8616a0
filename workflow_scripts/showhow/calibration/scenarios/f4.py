"""What F4 must not take for abilities that are kept, and what it has to find."""

from dataclasses import replace

import numpy as np
import pandas as pd

from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.judgement import CONTRADICTED, SUPPORTED
from showhow.calibration.scenario import EITHER, Scenario
from showhow.calibration.scenarios.levels import Study
from showhow.calibration.scenarios.voices import VOICES, N
from showhow.calibration.simulation import Design, Truth, simulate

RETAINED = ("bits", "sums")
UNTUNED = "untuned"


def kept(familiar: float, unfamiliar: float, before: float = 0.7) -> dict[str, float]:
    """Accuracies on tasks that no arm trains on, after and before."""
    return {"familiar": familiar, "unfamiliar": unfamiliar, UNTUNED: before}


def retention_study(accuracy: dict[str, float]) -> Study:
    """Draw studies whose runs are asked retained tasks; a base answers once before tuning."""
    truth = Truth(
        {
            Arm(task, variant, model, N, "test"): right
            for task in RETAINED
            for model in VOICES
            for variant, right in accuracy.items()
        }
    )

    def study(design: Design, rng: np.random.Generator) -> Evidence:
        evidence = simulate(truth, design, rng)
        tuned = [arm for arm in evidence.correct if arm.variant != UNTUNED]
        table = pd.concat([_answers(evidence, arm, design) for arm in tuned], ignore_index=True)
        return replace(evidence, bases=replace(evidence.bases, voices=VOICES, retention=table))

    return study


def _answers(evidence: Evidence, arm: Arm, design: Design) -> pd.DataFrame:
    after, seeds = evidence.correct[arm], np.array(evidence.seeds[arm])
    untuned = evidence.correct[replace(arm, variant=UNTUNED)]
    runs, problems = after.shape
    return pd.DataFrame(
        {
            "task": "listops",
            "variant": arm.variant,
            "model": arm.model,
            "n_train": arm.n_train,
            "match": arm.match,
            "seed": np.repeat(seeds, problems),
            "retained_task": arm.task,
            "id": np.tile(np.arange(problems), runs),
            "correct_before": untuned[(seeds - 1) % design.bases].ravel(),
            "correct_after": after.ravel(),
        }
    )


SCENARIOS = [
    Scenario("F4", "both arms lose as much", retention_study(kept(0.4, 0.4)), EITHER),
    Scenario(
        "F4",
        "nothing is lost with either arm",
        retention_study(kept(0.7, 0.7)),
        EITHER,
    ),
    Scenario(
        "F4",
        "unfamiliar leaves the base unharmed, familiar lifts it",
        retention_study(kept(0.9, 0.7)),
        EITHER,
    ),
    Scenario(
        "F4",
        "unfamiliar keeps twenty points more",
        retention_study(kept(0.3, 0.5)),
        frozenset({SUPPORTED}),
        CONTRADICTED,
    ),
    Scenario(
        "F4",
        "familiar keeps ten points more",
        retention_study(kept(0.5, 0.4)),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
    Scenario(
        "F4",
        "familiar keeps thirty points more",
        retention_study(kept(0.6, 0.3)),
        frozenset({CONTRADICTED}),
        SUPPORTED,
    ),
]
