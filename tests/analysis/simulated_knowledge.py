"""Tables of a simulated knowledge study: accuracies chosen, answers drawn."""

import numpy as np
import pandas as pd

from showhow.analysis.evidence import AboutBases

LEVELS = tuple(f"level_{level}" for level in range(5))
VARIANTS = (*LEVELS, "natural_mix", "shuffled_answers")
MODELS = ("base-a", "base-b")
SIZES = (15, 60, 240)
SEEDS, PER_LEVEL = 3, 120
RECALL = (0.02, 0.3, 0.5, 0.7, 0.9)
UNTUNED = (0.0, 0.0, 0.4, 0.6, 0.8)
"""What bases answer before fine-tuning, by level."""
HARDLY = (0.0, 0.0, 0.02, 0.04, 0.08)
"""The same of bases that have seen no question: less than a tenth of what they complete."""


def as_published(variant: str, size: int, level: int, model: str) -> float:
    """Everything that the first paper says: sixty suffice, own levels help, level 0 harms."""
    trained = 3 if variant == "natural_mix" else VARIANTS.index(variant)
    if variant == "shuffled_answers":
        return 0.03
    factor = 0.9 if size == 15 else 1.0
    harm = 0.0008 * size if trained == 0 and level >= 2 else 0.0
    best = (4,) if model == "base-a" else (1, 2, 3)
    gain = 0.08 * (trained == level) + 0.12 * (trained in best) if variant in LEVELS else 0.08
    return min(0.99, max(0.0, factor * RECALL[level] + gain - harm))


def all_alike(variant: str, size: int, level: int, model: str) -> float:
    """The kind of training facts makes no difference; more of them help, unknown ones as well."""
    return RECALL[level] * size / 300


def own_level_is_worst(variant: str, size: int, level: int, model: str) -> float:
    """Facts of one level help the others, unknown ones most; the middle beats the best known."""
    trained = VARIANTS.index(variant)
    if trained > 4:
        return RECALL[level]
    order = (0.12, 0.10, 0.10, 0.10, 0.0)
    return max(0.0, 0.8 * RECALL[level] + order[trained] * size / 240 - 0.15 * (trained == level))


def items_table(accuracy=as_published) -> pd.DataFrame:
    """Answers to the test split; accuracy: of a variant, size, test level and base."""
    rows = [
        _answers(accuracy, variant, size, model, seed)
        for model in MODELS
        for variant in VARIANTS
        for size in SIZES
        for seed in range(1, SEEDS + 1)
    ]
    return pd.concat(rows, ignore_index=True)


def memory_table(untuned=UNTUNED) -> pd.DataFrame:
    """Facts of all levels; those of the second base are other ones than those of the first."""
    tables = []
    for model in MODELS:
        levels = _levels(model)
        for split in ("train-n600", "test", "unseen"):
            known = pd.DataFrame(
                {
                    "id": [f"{split}-{number:06d}" for number in range(len(levels))],
                    "level": levels,
                    "share": levels / 4,
                    "as_plain_text": levels / 5,
                    "exposure": 2**levels,
                    "relation": "home",
                    "level_in_full": pd.array(levels, dtype="Int64"),
                    "untuned": pd.array(_before(levels, untuned), dtype="boolean"),
                    "most_frequent": levels < 0,
                }
            )
            tables.append(known.assign(study="knowledge", task="facts", model=model, split=split))
    return pd.concat(tables, ignore_index=True)


def retention_table() -> pd.DataFrame:
    items = items_table().query("split == 'test' and id < 'test-000020'")
    return items.assign(
        retained_task="things",
        correct_before=True,
        correct_after=items["correct"],
        kl=items["n_train"] / 1000,
        tokens=2,
    ).drop(columns=["correct", "split"])


def about_bases(untuned=UNTUNED) -> AboutBases:
    return AboutBases(memory=memory_table(untuned))


def _levels(model: str) -> np.ndarray:
    return np.roll(np.repeat(np.arange(5), PER_LEVEL), 7 * MODELS.index(model))


def _before(levels: np.ndarray, untuned) -> np.ndarray:
    """Which questions a base answers before fine-tuning: of every level the first ones' share."""
    share = pd.Series(levels).groupby(levels).rank(method="first", pct=True)
    return (share <= np.array(untuned)[levels]).to_numpy()


def _answers(accuracy, variant, size, model, seed) -> pd.DataFrame:
    generator = np.random.default_rng([seed, size, *f"{variant} {model}".encode()])
    tables = []
    for split in ("test", "unseen"):
        expected = [accuracy(variant, size, level, model) for level in _levels(model)]
        correct = generator.random(len(expected)) < expected
        tables.append(
            pd.DataFrame(
                {
                    "study": "knowledge",
                    "task": "facts",
                    "variant": variant,
                    "model": model,
                    "n_train": size,
                    "match": "examples",
                    "seed": seed,
                    "split": split,
                    "id": [f"{split}-{number:06d}" for number in range(len(expected))],
                    "correct": correct,
                    "outcome": np.where(correct, "correct", "answer_of_other_type"),
                    "truncated": False,
                }
            )
        )
    return pd.concat(tables, ignore_index=True)
