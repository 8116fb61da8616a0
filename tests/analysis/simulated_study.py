"""A small simulated study: the tables of the contract with effects that the test has planted.

Correctness of an item is a coin with log odds

    ability + log2(N / smallest N) + size + gain of the variant + run noise - difficulty(problem)

Problems are shared by all variants, models and seeds of a task, as in the real study.
"""

import zlib
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

RUN_COLUMNS = ["study", "task", "variant", "model", "n_train", "match", "seed"]
DETAIL = {
    "none": 0,
    "short": 1,
    "medium": 2,
    "long": 3,
    "answer_first": None,
    "shuffled_steps": None,
    "wrong_steps": None,
    "filler": None,
    "mixture": None,
}
CONTROLS = tuple(variant for variant, detail in DETAIL.items() if detail is None)
PARAMETERS = {
    "decoder-40k": 40_000,
    "decoder-150k": 150_000,
    "decoder-150k-random": 150_000,
    "decoder-600k": 600_000,
    "t5-250k": 250_000,
}
OUTCOMES_EXPLAINED = ("wrong_step", "answer_not_from_steps", "missing_or_extra_steps", "truncated")
OUTCOMES_ALONE = ("wrong_answer", "unparseable")


@dataclass(frozen=True)
class Arm:
    """One task, variant, model and training size; all its seeds."""

    task: str
    variant: str
    model: str
    n_train: int
    match: str = "examples"


@dataclass(frozen=True)
class Planted:
    """The effects that the simulated study holds, in log odds.

    gain: of the most detailed level over none on the split test; less detail gives less.
    gain_longer: the same on the split longer.
    gain_per_tenfold: what the gain changes by when the model grows tenfold.
    control_gain: of every control.
    """

    gain: float = 2.0
    gain_longer: float = 2.0
    gain_per_tenfold: float = 0.0
    control_gain: float = 0.3
    ability: float = -1.0
    per_doubling_of_n: float = 0.4
    per_tenfold_of_size: float = 0.5
    longer_penalty: float = 1.0
    seed_spread: float = 0.15
    problem_spread: float = 1.0


@dataclass(frozen=True)
class SimulatedStudy:
    """The grid and the planted effects; `n_test` problems in each split."""

    arms: tuple[Arm, ...]
    planted: Planted = field(default_factory=Planted)
    seeds: tuple[int, ...] = (1, 2, 3)
    splits: tuple[str, ...] = ("test", "longer")
    n_test: int = 200
    study: str = "explanations"
    random_seed: int = 0

    def with_effects(self, **effects: float) -> "SimulatedStudy":
        return replace(self, planted=replace(self.planted, **effects))


def small_study(**effects: float) -> SimulatedStudy:
    """Two tasks, four levels, two sizes, two training sizes, three seeds: fast to decide."""
    arms = tuple(
        Arm(task, variant, model, n_train)
        for task in ("listops", "addition")
        for variant in ("none", "short", "medium", "long")
        for model in ("decoder-40k", "decoder-600k")
        for n_train in (500, 2000)
    )
    return SimulatedStudy(arms, n_test=120).with_effects(**effects)


def matched_study(**effects: float) -> SimulatedStudy:
    """Small, and with what every claim about levels asks for.

    All arms of as many steps, and none with as many target tokens beside them.
    """
    arms = tuple(
        Arm(task, variant, model, n_train, match)
        for task in ("listops", "addition")
        for variant, match in (
            ("none", "target_tokens"),
            *((variant, "steps") for variant in ("none", "short", "medium", "long")),
        )
        for model in ("decoder-40k", "decoder-600k")
        for n_train in (500, 2000)
    )
    study = SimulatedStudy(arms, seeds=(1, 2, 3, 4, 5), n_test=300)
    return study.with_effects(**effects)


def default_study(**effects: float) -> SimulatedStudy:
    """About the default grid of the real study: unbalanced, 165 runs, three splits of 200."""
    decoders = ("decoder-40k", "decoder-150k", "decoder-600k")
    sizes = (500, 2000, 8000)
    arms = [
        Arm("listops", variant, model, n_train)
        for variant in ("none", "short", "medium", "long")
        for model in decoders
        for n_train in sizes
    ]
    arms += [Arm("listops", variant, "t5-250k", 8000) for variant in ("none", "medium")]
    arms += [Arm("listops", variant, "decoder-150k-random", 8000) for variant in ("none", "long")]
    arms += [Arm("listops", variant, "decoder-150k", 8000) for variant in CONTROLS]
    arms += [Arm("listops", "none", "decoder-150k", 8000, "target_tokens")]
    arms += [
        Arm("addition", variant, "decoder-150k", n_train)
        for variant in ("none", "medium", "long")
        for n_train in (500, 8000)
    ]
    arms += [Arm("parity", variant, "decoder-150k", 8000) for variant in ("none", "medium", "long")]
    splits = ("test", "longer", "deeper")
    return SimulatedStudy(tuple(arms), splits=splits).with_effects(**effects)


def items_table(study: SimulatedStudy | None = None) -> pd.DataFrame:
    """results/tables/<study>-items.parquet: one row per run, split and problem."""
    return _items(study or default_study()).copy()


@lru_cache(maxsize=4)
def _items(study: SimulatedStudy) -> pd.DataFrame:
    blocks = [
        _items_of_run(study, arm, seed, split)
        for arm in study.arms
        for seed in study.seeds
        for split in study.splits
        if not (split == "deeper" and arm.task != "listops")
    ]
    return pd.concat(blocks, ignore_index=True)


def runs_table(study: SimulatedStudy | None = None) -> pd.DataFrame:
    """results/tables/<study>.csv: one row per run and split."""
    items = items_table(study)
    grouped = items.groupby([*RUN_COLUMNS, "split"], sort=False)
    counts = grouped.agg(
        n_test=("correct", "size"),
        n_correct=("correct", "sum"),
        steps_expected=("steps_expected", "sum"),
        steps_correct=("steps_correct", "sum"),
        truncated=("truncated", "sum"),
    )
    counts["unparseable"] = grouped["outcome"].agg(
        lambda outcomes: (outcomes == "unparseable").sum()
    )
    table = counts.reset_index()
    table["parameters"] = table["trainable_parameters"] = table["model"].map(PARAMETERS)
    table["accuracy"] = table["n_correct"] / table["n_test"]
    table["ci_low"], table["ci_high"] = _wilson(table)
    table["last_character_accuracy"] = np.minimum(1.0, table["accuracy"] + 0.03)
    table["step_accuracy"] = table["steps_correct"] / table["steps_expected"].where(
        table["steps_expected"] > 0
    )
    words = table["variant"].map(DETAIL).fillna(2).astype(float) * 20 + 3
    # None that is matched in target tokens is matched with the longest level.
    words = words.mask(table["match"] == "target_tokens", 3 * 20 + 3)
    table["target_tokens"] = (table["n_train"] * words).astype(int)
    table["train_tokens"] = table["target_tokens"] + 15 * table["n_train"]
    table["steps"] = (table["n_train"] * 4 // 32).mask(table["match"] == "steps", 250)
    table["steps"] *= np.where(table["match"] == "target_tokens", 8, 1)
    table["majority_accuracy"] = table["task"].map({"listops": 0.2, "parity": 0.5}).fillna(0.02)
    table["copy_last_accuracy"] = table["task"].map({"listops": 0.25, "parity": 0.5}).fillna(0.0)
    copying = table["copy_last_accuracy"] > table["majority_accuracy"]
    table["shortcut"] = np.where(copying, "last_operand", "majority")
    table["shortcut_accuracy"] = table[["majority_accuracy", "copy_last_accuracy"]].max(axis=1)
    table["train_length_low"] = 5
    table["train_length_high"] = 20
    table["base"] = table["model"]
    table["learning_rate"] = 0.02
    table["chosen_step"] = pd.Series(pd.NA, table.index, dtype="Int64")
    table["validation_accuracy"] = np.nan
    table["final_loss"] = 1.0 - 0.8 * table["accuracy"]
    columns = [
        *["study", "task", "variant", "model", "parameters", "trainable_parameters", "n_train"],
        *["match", "seed", "base", "split"],
        *["n_test", "n_correct", "accuracy", "ci_low", "ci_high", "last_character_accuracy"],
        *["step_accuracy", "truncated", "unparseable", "learning_rate", "steps", "chosen_step"],
        *["validation_accuracy", "train_tokens", "target_tokens"],
        *["majority_accuracy", "copy_last_accuracy", "shortcut", "shortcut_accuracy"],
        *["train_length_low", "train_length_high", "final_loss", "prompts"],
    ]
    table["prompts"] = "chat"
    return table[columns]


def shortcuts_table(study: SimulatedStudy, accuracy: float = 0.4) -> pd.DataFrame:
    """Which problems two flat shortcuts solve: one the first so many, one half as many."""
    return pd.DataFrame(
        [
            {
                "task": task,
                "split": split,
                "shortcut": shortcut,
                "id": name,
                "correct": number < share * study.n_test,
            }
            for task in sorted({arm.task for arm in study.arms})
            for split in study.splits
            for shortcut, share in (("last operand", accuracy), ("majority", accuracy / 2))
            for number, name in enumerate(_problems(study, task, split)["id"])
        ]
    )


def groups_table(study: SimulatedStudy | None = None) -> pd.DataFrame:
    """results/tables/<study>-groups.csv: accuracy by length, depth and root."""
    items = items_table(study)
    tables = []
    for group in ("length", "depth", "root"):
        known = items[items[group].notna()]
        by = [*RUN_COLUMNS[:-1], "split", group]
        counts = known.groupby(by, sort=True)["correct"].agg(n_test="size", n_correct="sum")
        table = counts.reset_index().rename(columns={group: "value"})
        numeric = group != "root"
        table["value"] = table["value"].astype(int).astype(str) if numeric else table["value"]
        table.insert(table.columns.get_loc("value"), "group", group)
        tables.append(table)
    table = pd.concat(tables, ignore_index=True)
    table["accuracy"] = table["n_correct"] / table["n_test"]
    table["ci_low"], table["ci_high"] = _wilson(table)
    return table


def costs_table(study: SimulatedStudy | None = None) -> pd.DataFrame:
    """results/tables/<study>-costs.csv: one row per finished job."""
    study = study or default_study()
    rows = [
        {
            "stage": stage,
            "target": f"{arm.task}/{arm.variant}/{arm.model}/n{arm.n_train}/seed{seed}",
            "wall_seconds": share * arm.n_train / 500 + 2.0,
            "cpu_seconds": share * arm.n_train / 480 + 2.0,
            "startup_cpu_seconds": 1.5,
            "peak_memory_mb": 600.0 + 100 * share,
            "tokens": arm.n_train * 40 if stage == "train" else None,
        }
        for arm in study.arms
        for seed in study.seeds
        for stage, share in (("train", 1.0), ("evaluate", 0.4))
    ]
    return pd.DataFrame(rows)


def claims_table() -> pd.DataFrame:
    """results/claims/<study>.csv: six rows with every verdict, one estimate not finite."""
    columns = ["id", "statement", "condition", "estimate", "ci_low", "ci_high", "p", "n", "unit"]
    gain, ratio, share = (
        "difference in accuracy",
        "ratio of training sizes",
        "share of cells opened",
    )
    slope = "log odds per level and tenfold size"
    least = "short minus none, as many steps: above +0.050"
    rows = [
        ("C1", "Explanations beat answer-only.", least, 0.31, 0.27, 0.35, 0.001, 180, gain),
        (
            "C2",
            "Detail helps small models.",
            "slope: above +0.000",
            0.1,
            -0.1,
            0.3,
            0.2,
            108,
            slope,
        ),
        ("C3", "Explanations open tasks.", "share: above +0.000", 0.5, 0.5, 0.83, 0.004, 6, share),
        ("C4", "Explanations need less data.", "N: below +1.000", 0.2, 0.1, np.inf, 0.1, 90, ratio),
        ("C5", "Gains on longer inputs.", least, -0.04, -0.07, -0.01, 0.01, 180, gain),
        ("C6", "True steps do it.", least, 0.01, -0.07, 0.09, 0.6, 180, gain),
    ]
    verdicts = ["supported", "inconclusive", "supported", "inconclusive", "contradicted", "mixed"]
    table = pd.DataFrame(rows, columns=columns).assign(
        verdict=verdicts,
        criterion="As fixed in the claim's file.",
        p_holm=lambda table: np.minimum(1.0, 3 * table["p"]),
        tasks="",
        rests_on="",
        scope="of this one base: decoder-150k",
        note="",
    )
    return table[
        [
            *["id", "statement", "criterion", "condition", "estimate", "ci_low", "ci_high"],
            *["p", "p_holm", "n", "unit", "verdict", "tasks", "rests_on", "scope", "note"],
        ]
    ]


def _items_of_run(study: SimulatedStudy, arm: Arm, seed: int, split: str) -> pd.DataFrame:
    run_noise = _stream(study, arm, seed).normal(0, study.planted.seed_spread)
    problems = _problems(study, arm.task, split)
    log_odds = _log_odds(study, arm, split) + run_noise - problems["difficulty"].to_numpy()
    coins = _stream(study, arm, seed, split).random(len(problems))
    correct = coins < 1 / (1 + np.exp(-log_odds))
    explained = arm.variant != "none"
    names = OUTCOMES_EXPLAINED if explained else OUTCOMES_ALONE
    wrong = np.array(names)[(coins * 997).astype(int) % len(names)]
    steps = problems["depth_or_one"].to_numpy() if explained else np.zeros(len(problems), int)
    outcome = np.where(correct, "correct", wrong)
    items = problems[["split", "id", "length", "depth", "root"]].assign(
        study=study.study,
        task=arm.task,
        variant=arm.variant,
        model=arm.model,
        n_train=arm.n_train,
        match=arm.match,
        seed=seed,
        correct=correct,
        outcome=outcome,
        truncated=outcome == "truncated",
        steps_expected=steps,
        steps_correct=np.where(correct, steps, steps // 2),
    )
    measured = ["split", "id", "correct", "outcome", "truncated", "steps_expected"]
    return items[[*RUN_COLUMNS, *measured, "steps_correct", "length", "depth", "root"]]


def _log_odds(study: SimulatedStudy, arm: Arm, split: str) -> float:
    planted = study.planted
    tenfolds = np.log10(PARAMETERS[arm.model] / 150_000)
    full = planted.gain_longer if split == "longer" else planted.gain
    detail = DETAIL[arm.variant]
    share = 0.0 if detail is None else {0: 0.0, 1: 0.7, 2: 0.9, 3: 1.0}[detail]
    gain = planted.control_gain if detail is None else share * full
    gain += share * planted.gain_per_tenfold * tenfolds
    doublings = np.log2(arm.n_train / min(other.n_train for other in study.arms))
    learned = planted.per_doubling_of_n * doublings + planted.per_tenfold_of_size * tenfolds
    return planted.ability + learned + gain - planted.longer_penalty * (split != "test")


@lru_cache(maxsize=32)
def _problems(study: SimulatedStudy, task: str, split: str) -> pd.DataFrame:
    stream = _stream(study, task, split)
    low, high = (5, 21) if split == "test" else (21, 41)
    length = stream.integers(low, high, study.n_test)
    depth = stream.integers(1, 5, study.n_test)
    listops = task == "listops"
    root = np.array(["MIN", "MAX", "MED", "SUM"])[stream.integers(0, 4, study.n_test)]
    relative = (length - length.mean()) / length.std()
    spread = study.planted.problem_spread
    return pd.DataFrame(
        {
            "split": split,
            "id": [f"{split}-{index:06d}" for index in range(study.n_test)],
            "length": length,
            "depth": depth.astype(float) if listops else np.nan,
            "root": root if listops else None,
            "depth_or_one": depth if listops else length // 2,
            "difficulty": spread * (0.6 * relative + 0.8 * stream.normal(size=study.n_test)),
        }
    )


def _stream(study: SimulatedStudy, *key: object) -> np.random.Generator:
    return np.random.default_rng([study.random_seed, zlib.crc32(repr(key).encode())])


def _wilson(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    return proportion_confint(table["n_correct"], table["n_test"], method="wilson")
