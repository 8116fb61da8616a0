"""F1: across ways of writing, lower perplexity before tuning goes with higher accuracy after."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from showhow.analysis.claims.claim import (
    Claim,
    Finding,
    nothing_to_compare,
    verdict_by_interval,
)
from showhow.analysis.contrasts import TaskRow, adjusted, task_row
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.familiarity import SPLIT, kind_of
from showhow.analysis.statistics import Sampled, mean_of
from showhow.analysis.table_files import measured_table

RANKS = "rank correlation of perplexity and accuracy"
NOT_COMPARED = ("none", "unfamiliar_masked")
FEWEST_ARMS = 4


@dataclass(frozen=True)
class Ranked:
    """The arms of one task and base: perplexities (K,) and accuracy draws of each (K, R)."""

    task: str
    model: str
    perplexity: np.ndarray
    accuracy: np.ndarray
    draws: np.ndarray
    runs: int

    def correlation(self) -> Sampled:
        """Spearman's, with draws (R,) over seeds and problems."""
        drawn = [rank_correlation(self.perplexity, draw) for draw in self.draws.T]
        observed = rank_correlation(self.perplexity, self.accuracy)
        return Sampled(observed, np.array(drawn), self.runs)

    def without(self, arm: int) -> float:
        """Spearman's without one of the arms."""
        return rank_correlation(np.delete(self.perplexity, arm), np.delete(self.accuracy, arm))


def rank_correlation(first: np.ndarray, second: np.ndarray) -> float:
    """Spearman's correlation; 0 where all values of one are equal and nothing is ranked."""
    ranks = rankdata(first) - (len(first) + 1) / 2, rankdata(second) - (len(second) + 1) / 2
    spread = np.sqrt((ranks[0] ** 2).sum() * (ranks[1] ** 2).sum())
    return float((ranks[0] * ranks[1]).sum() / spread) if spread else 0.0


def decide_ranks(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """The correlation within each base, averaged over bases, then over tasks."""
    if evidence.bases.perplexity is None:
        return nothing_to_compare("The study does not measure perplexity."), []
    ranked = [
        found
        for place in evidence.tasks_and_models(SPLIT)
        if (found := _ranked(evidence, *place)) is not None
    ]
    if not ranked:
        return nothing_to_compare(f"No base has {FEWEST_ARMS} arms whose perplexity is known."), []
    found = {(each.task, each.model): each.correlation() for each in ranked}
    rows = [
        task_row("F1", *place, RANKS, sampled.summary(), sampled.runs)
        for place, sampled in found.items()
    ]
    tasks = sorted({each.task for each in ranked})
    by_task = [mean_of([s for (task, _), s in found.items() if task == of]) for of in tasks]
    whole = mean_of(by_task)
    estimate = whole.summary()
    rows = [*adjusted(rows), task_row("F1", "all", "all", RANKS, estimate, whole.runs)]
    verdict = verdict_by_interval(estimate, claimed_above=False)
    return Finding(estimate, whole.runs, verdict, _leaving_one_out(ranked)), rows


def _leaving_one_out(ranked: list[Ranked]) -> str:
    without = [each.without(arm) for each in ranked for arm in range(len(each.perplexity))]
    return (
        f"Without any one of a base's ways of writing the correlation on that base lies between "
        f"{min(without):+.2f} and {max(without):+.2f}."
    )


def _ranked(evidence: Evidence, task: str, model: str) -> Ranked | None:
    measured = measured_table(evidence.bases.perplexity)
    measured = measured[(measured["task"] == task) & (measured["model"] == model)]
    perplexity = measured.groupby("variant")["mean"].mean()
    arms = _largest_arms(evidence, task, model)
    arms = [arm for arm in arms if arm.variant in perplexity]
    if len(arms) < FEWEST_ARMS:
        return None
    sampled = evidence.accuracies(arms)
    if sampled is None:
        return None
    return Ranked(
        task,
        model,
        np.array([perplexity[arm.variant] for arm in arms]),
        np.array([accuracy.observed for accuracy in sampled]),
        np.stack([accuracy.draws for accuracy in sampled]),
        sum(accuracy.runs for accuracy in sampled),
    )


def _largest_arms(evidence: Evidence, task: str, model: str) -> list[Arm]:
    """The arms with the base's largest training size that are fully trained on what is measured."""
    here = [
        arm
        for arm in evidence.correct
        if (arm.task, arm.model, arm.split) == (task, model, SPLIT)
        and kind_of(evidence, arm.variant) not in NOT_COMPARED
    ]
    largest = max((arm.n_train for arm in here), default=0)
    return sorted(arm for arm in here if arm.n_train == largest)


CLAIM = Claim(
    id="F1",
    statement="Lower perplexity before tuning goes with higher accuracy after, across responses.",
    statistic=(
        "Mean perplexity of the training responses under the base, and accuracy on the split "
        "test, at the largest training size."
    ),
    contrast=(
        "Spearman's rank correlation over the ways of writing within a base, averaged over bases, "
        "then over tasks. Left out are answers without steps, whose perplexity is of a few tokens "
        "in another format, and responses of which a part is masked."
    ),
    criterion=(
        "Supported if the 95% interval lies below zero, contradicted if above. The bootstrap draws "
        "seeds, then problems, not ways of writing: these were chosen, not drawn, and are few, so "
        "the interval speaks of them alone. What leaving one out changes stands in the note."
    ),
    unit="rank correlation",
    test=decide_ranks,
    every_arm=True,
)
