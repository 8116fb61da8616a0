"""Tables of a simulated familiarity study: accuracies chosen, answers drawn."""

import numpy as np
import pandas as pd

from showhow.analysis.evidence import AboutBases

ARMS = ("none", "familiar", "self_generated", "minimum_change", "rewritten")
ARMS += ("unfamiliar", "unfamiliar_longer", "unfamiliar_masked")
VOICES = {"base-a": "a", "base-b": "b"}
PERPLEXITY = dict(zip(ARMS, (900.0, 1.3, 1.1, 1.4, 3.0, 9.0, 7.0, 9.0), strict=True))
LENGTHS = {**dict.fromkeys(ARMS, 40.0), "none": 1.0, "unfamiliar_longer": 60.0}
FAMILIARITY_HELPS = dict(zip(ARMS, (0.2, 0.8, 0.9, 0.79, 0.6, 0.3, 0.4, 0.5), strict=True))
VOICE_A_IS_EASIER = {
    "base-a": FAMILIARITY_HELPS,
    "base-b": {**FAMILIARITY_HELPS, "familiar": 0.3, "unfamiliar": 0.8},
}
WORDS_HELP = {**FAMILIARITY_HELPS, "own_words_other_order": 0.7, "other_words_own_order": 0.4}
ORDER_HELPS = {**FAMILIARITY_HELPS, "own_words_other_order": 0.3, "other_words_own_order": 0.8}
SEEDS, PROBLEMS, KEPT_PROBLEMS = 3, 120, 60


def items_table(accuracy=FAMILIARITY_HELPS, problems=PROBLEMS) -> pd.DataFrame:
    """Answers to the test split; accuracy: by arm, or by base and arm."""
    rows = [
        _answers(right, arm, model, seed, problems)
        for model in VOICES
        for arm, right in accuracy.get(model, accuracy).items()
        for seed in range(1, SEEDS + 1)
    ]
    return pd.concat(rows, ignore_index=True)


def runs_table(items: pd.DataFrame) -> pd.DataFrame:
    run = ["study", "task", "variant", "model", "n_train", "match", "seed", "split"]
    runs = items.groupby(run, sort=False)["correct"].agg(["size", "sum", "mean"]).reset_index()
    runs = runs.rename(columns={"size": "n_test", "sum": "n_correct", "mean": "accuracy"})
    return runs.assign(parameters=1000, train_length_high=9, majority_accuracy=0.1)


def perplexity_table(perplexity=PERPLEXITY) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "study": "familiarity",
            "task": "sums",
            "variant": arm,
            "model": model,
            "split": "train-n40",
            "mean": mean,
            "mean_tokens": LENGTHS.get(arm, 40.0),
        }
        for model in VOICES
        for arm, mean in perplexity.items()
    )


def retention_table(kept=FAMILIARITY_HELPS, before=1.0) -> pd.DataFrame:
    """Answers to another task: of the base, to such a share of the problems, and after tuning."""
    table = items_table(kept).query(f"id < 'problem-{KEPT_PROBLEMS:03d}'")
    number = table["id"].str.removeprefix("problem-").astype(int)
    return table.assign(
        retained_task="bits",
        correct_before=number < before * KEPT_PROBLEMS,
        correct_after=table["correct"],
    ).drop(columns=["correct", "split"])


def about_bases(kept=FAMILIARITY_HELPS, before=1.0, perplexity=PERPLEXITY) -> AboutBases:
    return AboutBases({}, VOICES, perplexity_table(perplexity), retention_table(kept, before))


def _answers(accuracy, arm, model, seed, problems) -> pd.DataFrame:
    key = [seed, *f"{arm} {model}".encode()]
    generator = np.random.default_rng(key)
    return pd.DataFrame(
        {
            "study": "familiarity",
            "task": "sums",
            "variant": arm,
            "model": model,
            "n_train": 40,
            "match": "examples",
            "seed": seed,
            "split": "test",
            "id": [f"problem-{number:03d}" for number in range(problems)],
            "correct": generator.random(problems) < accuracy,
        }
    )
