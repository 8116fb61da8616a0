"""From statistics to a verdict: what a claim demands, decided per task, then together."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from showhow.analysis.estimation import SIGNIFICANCE, Contrast, Estimate, mean_of

SUPPORTED, CONTRADICTED, INCONCLUSIVE = "supported", "contradicted", "inconclusive"
MIXED = "mixed"


@dataclass(frozen=True)
class Demand:
    """What a statistic has to be: above `low`, below `high`, or between them (equivalence)."""

    low: float | None = None
    high: float | None = None

    def p_unmet(self, estimate: Estimate) -> float:
        """p of 'the demand is not met', two-sided where it has one bound: small speaks for it.

        Between two bounds both one-sided tests have to refuse (TOST, Schuirmann 1987).
        """
        above = estimate.p_at_most(self.low) if self.low is not None else 0.0
        below = estimate.p_at_least(self.high) if self.high is not None else 0.0
        sides = 1 if self.low is not None and self.high is not None else 2
        return min(1.0, sides * max(above, below))

    def p_met(self, estimate: Estimate) -> float:
        """p of 'the demand is met', two-sided: small speaks against it."""
        below = estimate.p_at_least(self.low) if self.low is not None else 1.0
        above = estimate.p_at_most(self.high) if self.high is not None else 1.0
        return min(1.0, 2 * min(below, above))

    def told(self) -> str:
        """Say the demand, as in `above +0.050`."""
        if self.low is not None and self.high is not None:
            return f"between {self.low:+.3f} and {self.high:+.3f}"
        return f"above {self.low:+.3f}" if self.low is not None else f"below {self.high:+.3f}"


def above(low: float) -> Demand:
    """Demand that a statistic lies above a bound."""
    return Demand(low=low)


def below(high: float) -> Demand:
    """Demand that a statistic lies below a bound."""
    return Demand(high=high)


def within(margin: float) -> Demand:
    """Demand that a statistic lies within a margin on both sides of zero."""
    return Demand(-margin, margin)


@dataclass(frozen=True)
class Condition:
    """A statistic and what is demanded of it.

    alternative: conditions of the same alternative have to hold together; one alternative that
    holds is enough. Most claims have one.
    """

    name: str
    contrast: Contrast
    demand: Demand
    alternative: str = ""

    @cached_property
    def p_unmet(self) -> float:
        return self.demand.p_unmet(self.contrast.estimate)

    @cached_property
    def p_met(self) -> float:
        return self.demand.p_met(self.contrast.estimate)


Conditions = Mapping[str, list[Condition]]
"""By task."""


@dataclass(frozen=True)
class Judgement:
    """What conditions come to.

    p_for: small where all of an alternative hold (the largest of their p, Berger 1982; Bonferroni
    over alternatives). p_against: small where of every alternative one is shown not to hold
    (Bonferroni over its conditions). weakest: the condition that decides.
    """

    p_for: float
    p_against: float
    weakest: Condition
    conditions: tuple[Condition, ...]

    @property
    def verdict(self) -> str:
        return verdict_of(self.p_for, self.p_against)


def verdict_of(p_for: float, p_against: float) -> str:
    """Supported, contradicted or neither, at the level of this workflow."""
    if p_for <= SIGNIFICANCE:
        return SUPPORTED
    return CONTRADICTED if p_against <= SIGNIFICANCE else INCONCLUSIVE


def judge(conditions: list[Condition]) -> Judgement:
    """Judge the conditions of one task, or of several tasks' means."""
    alternatives = [
        _judge_together([each for each in conditions if each.alternative == alternative])
        for alternative in sorted({each.alternative for each in conditions})
    ]
    best = min(alternatives, key=lambda judged: (judged.p_for, -judged.p_against))
    p_for = min(1.0, len(alternatives) * best.p_for)
    p_against = max(judged.p_against for judged in alternatives)
    return Judgement(p_for, p_against, best.weakest, tuple(conditions))


def _judge_together(conditions: list[Condition]) -> Judgement:
    p_for = max(each.p_unmet for each in conditions)
    p_against = min(1.0, len(conditions) * min(each.p_met for each in conditions))
    if verdict_of(p_for, p_against) == CONTRADICTED:
        weakest = min(conditions, key=lambda each: each.p_met)
    else:
        weakest = max(conditions, key=lambda each: each.p_unmet)
    return Judgement(p_for, p_against, weakest, tuple(conditions))


@dataclass(frozen=True)
class Verdict:
    """A claim's verdict over its tasks.

    by_task: of each task by itself. together: of all tasks. without: of all tasks but one, by the
    one left out; empty with one task.
    """

    by_task: Mapping[str, Judgement]
    together: Judgement
    without: Mapping[str, Judgement]

    @property
    def rests_on(self) -> list[str]:
        """The tasks without which the verdict would be another."""
        decided = self.together.verdict
        if decided == INCONCLUSIVE:
            return []
        return [task for task, judged in self.without.items() if judged.verdict != decided]

    @property
    def p_mixed(self) -> float:
        """Small where one task supports the claim and another contradicts it.

        Both have to be shown (the larger of the two p, Berger 1982), each of some task: of many
        tasks some would by chance (Bonferroni).
        """
        judged = self.by_task.values()
        sides = min(each.p_for for each in judged), min(each.p_against for each in judged)
        return min(1.0, len(judged) * max(sides))

    def of(self, p_for: float, p_against: float, p_mixed: float) -> str:
        """The verdict, by its three p as adjusted for the study's claims.

        p_for, p_against: of all tasks together. Tasks that contradict each other are a verdict of
        their own; a verdict that rests on one task is none.
        """
        if p_mixed <= SIGNIFICANCE:
            return MIXED
        return INCONCLUSIVE if self.rests_on else verdict_of(p_for, p_against)

    @property
    def by_itself(self) -> str:
        """The verdict where no other claim was asked."""
        return self.of(self.together.p_for, self.together.p_against, self.p_mixed)


def judge_in_agreement(conditions: list[Condition]) -> Judgement:
    """Judge conditions that say one thing in several ways: what counts, all of them have to show.

    Where some do and others do not, nothing is decided, neither for nor against.
    """
    p_for = max(each.p_unmet for each in conditions)
    p_against = max(each.p_met for each in conditions)
    if verdict_of(p_for, p_against) == CONTRADICTED:
        weakest = max(conditions, key=lambda each: each.p_met)
    else:
        weakest = max(conditions, key=lambda each: each.p_unmet)
    return Judgement(p_for, p_against, weakest, tuple(conditions))


def over_tasks(
    by_task: Conditions, judging: Callable[[list[Condition]], Judgement] = judge
) -> Verdict:
    """Decide for each task, for the mean over tasks, and for the mean without each in turn."""
    judged = {task: judging(conditions) for task, conditions in by_task.items()}

    def together(tasks: list[str]) -> Judgement:
        return judging(shared_conditions(by_task, tasks))

    return _with_each_left_out(judged, together)


def in_agreement(by_task: Conditions) -> Verdict:
    """Decide as `over_tasks` does, where the conditions say one thing in several ways."""
    return over_tasks(by_task, judge_in_agreement)


def in_every_task(by_task: Conditions) -> Verdict:
    """Decide for each task; together the conditions have to hold in each of them."""
    judged = {task: judge(conditions) for task, conditions in by_task.items()}

    def together(tasks: list[str]) -> Judgement:
        p_for = max(judged[task].p_for for task in tasks)
        p_against = min(1.0, len(tasks) * min(judged[task].p_against for task in tasks))
        decides = max(tasks, key=lambda task: judged[task].p_for)
        return Judgement(p_for, p_against, judged[decides].weakest, judged[decides].conditions)

    return _with_each_left_out(judged, together)


def _with_each_left_out(
    judged: Mapping[str, Judgement], together: Callable[[list[str]], Judgement]
) -> Verdict:
    tasks = sorted(judged)
    others = {task: [other for other in tasks if other != task] for task in tasks}
    without = {task: together(rest) for task, rest in others.items() if rest}
    return Verdict(judged, together(tasks), without)


def shared_conditions(by_task: Conditions, tasks: list[str]) -> list[Condition]:
    """Average each condition over those of these tasks that have it; every task weighs the same.

    What one task alone can be asked stands for itself: it is demanded as all else is.
    """
    having: dict[str, list[Condition]] = {}
    for task in tasks:
        for each in by_task[task]:
            having.setdefault(each.name, []).append(each)
    return [
        Condition(
            name, mean_of([each.contrast for each in same]), same[0].demand, same[0].alternative
        )
        for name, same in having.items()
    ]
