"""Whether a base knows facts and does not answer questions about them yet: three checks.

How few examples bring out what a base knows can be asked where it knows something, does not answer
before, could answer, and learns to. Bounds are shares of the ceiling, the share of its completions
of statements of a fact that say it, and are fixed before any data.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from showhow.analysis.estimation import Contrast, Ratio
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.knowledge import NATURAL_MIX, SPLIT, Facts, arms_of, facts_of, known_places

UNTUNED_AT_MOST = 0.1
PLAIN_TEXT_AT_LEAST = 0.8
LARGEST_AT_LEAST = 0.8
COLUMNS = (
    *("task", "model", "check", "accuracy", "ceiling", "of_ceiling", "ci_low", "ci_high"),
    *("criterion", "passed"),
)
"""Of <study>-checks.csv, beside the study. of_ceiling: with Fieller's 95% interval."""


@dataclass(frozen=True)
class Check:
    """One check of one model's bases on one task's facts, the mean over memory levels.

    share: of the ceiling. at_least: whether `bound` is the least that passes, or the most.
    """

    name: str
    share: Ratio
    bound: float
    at_least: bool

    @property
    def passed(self) -> bool:
        """Whether the estimate keeps the bound; a base that knows nothing reaches no least."""
        beyond = self.share.against(self.bound).value
        return (beyond >= 0 and self.share.below.value > 0) if self.at_least else beyond <= 0

    @property
    def criterion(self) -> str:
        return f"{'at least' if self.at_least else 'at most'} {self.bound:.0%} of the ceiling"


def before_tuning(facts: Facts, like: Contrast) -> Check:
    """Of what it completes a base answers little before it is fine-tuned, or little is left."""
    share = _of_ceiling(facts, facts.before(like))
    return Check("asked before fine-tuning", share, UNTUNED_AT_MOST, at_least=False)


def _plainly(facts: Facts, like: Contrast) -> Check:
    """It can answer: the same questions as plain text, as its corpus has them."""
    share = _of_ceiling(facts, facts.as_plain_text(like))
    return Check("asked as plain text", share, PLAIN_TEXT_AT_LEAST, at_least=True)


def _at_the_largest(facts: Facts, accuracy: Contrast, size: int) -> Check:
    """It learns to: the largest training set brings out most of it."""
    share = _of_ceiling(facts, accuracy)
    return Check(f"fine-tuned on N = {size:,}", share, LARGEST_AT_LEAST, at_least=True)


def _of_ceiling(facts: Facts, accuracy: Contrast) -> Ratio:
    return Ratio(facts.on_levels(accuracy), facts.on_levels(facts.ceiling(accuracy)))


def checks_of(evidence: Evidence, task: str, model: str) -> list[Check]:
    """Check a model's bases, as far as its facts were measured; N is that of the natural mix."""
    facts = facts_of(evidence, task, model)
    if not facts.completed:
        return []
    natural = arms_of(evidence, task, model, NATURAL_MIX)
    largest = _largest(natural) if natural else None
    like = evidence.accuracy(largest or _any_arm(evidence, task, model))
    checks = [before_tuning(facts, like)] if facts.untuned else []
    if facts.plainly:
        checks.append(_plainly(facts, like))
    if largest:
        checks.append(_at_the_largest(facts, like, largest.n_train))
    return checks


def _largest(arms: dict[tuple[int, str], Arm]) -> Arm:
    """The arm of the most examples, of those with one epoch where there are any."""
    return max(arms.values(), key=lambda arm: (arm.match == "examples", arm.n_train))


def _any_arm(evidence: Evidence, task: str, model: str) -> Arm:
    found = (arm for arm in sorted(evidence.correct) if (arm.task, arm.model) == (task, model))
    return next(arm for arm in found if arm.split == SPLIT)


def checks_table(study: str, evidence: Evidence) -> pd.DataFrame:
    """One row per task, model and check: the columns study and COLUMNS."""
    rows = [
        {"study": study, "task": task, "model": model, **row}
        for task, model in known_places(evidence)
        for row in _rows(checks_of(evidence, task, model))
    ]
    return pd.DataFrame(rows, columns=["study", *COLUMNS])


def _rows(checks: list[Check]) -> Iterator[dict[str, object]]:
    for check in checks:
        value, low, high = check.share.interval()
        yield {
            "check": check.name,
            "accuracy": check.share.above.value,
            "ceiling": check.share.below.value,
            "of_ceiling": value,
            "ci_low": low,
            "ci_high": high,
            "criterion": check.criterion,
            "passed": check.passed,
        }
