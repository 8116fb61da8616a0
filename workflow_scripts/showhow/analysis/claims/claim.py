"""What a claim is, and what deciding it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from showhow.analysis.evidence import Evidence
from showhow.analysis.judgement import Conditions, Judgement, Verdict, over_tasks


@dataclass(frozen=True)
class Asked:
    """What a claim asks of a study's evidence.

    by_task: the conditions that all have to hold, for each task. beside: further statistics, which
    stand in the rows and decide nothing. missing: why nothing can be decided, where by_task is
    empty. note: for the reader. scope: what of the claim was not asked, where it is not all of it.
    models: whose runs are compared.
    """

    by_task: Conditions
    beside: Conditions = field(default_factory=dict)
    missing: str = ""
    note: str = ""
    scope: str = ""
    models: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Claim:
    """One sentence of a paper with what decides it, fixed before the data.

    margin: how much counts, in the claim's unit; a study may set another before its data.
    ask: from the evidence and the margin to what has to hold. decide: from that to a verdict;
    most claims are decided for each task, for the mean over tasks, and without each task in turn.
    """

    id: str
    statement: str
    statistic: str
    contrast: str
    criterion: str
    unit: str
    ask: Callable[[Evidence, float], Asked]
    margin: float = 0.0
    note: str = ""
    decide: Callable[[Conditions], Verdict] = over_tasks


@dataclass(frozen=True)
class ClaimResult:
    """One decided claim. Columns of <study>.csv in results/claims.

    estimate, interval and p are of the condition that decides; p of a mixed verdict is that of the
    tasks' contradicting each other. p_holm: p adjusted for the study's claims, by which the verdict
    goes. tasks: each task's own verdict. rests_on: the tasks without which the verdict would be
    another. scope: which bases the interval speaks of, and what of the claim was not asked.
    """

    id: str
    statement: str
    criterion: str
    condition: str
    estimate: float
    ci_low: float
    ci_high: float
    p: float
    p_holm: float
    n: int
    unit: str
    verdict: str
    tasks: str
    rests_on: str
    scope: str
    note: str


@dataclass(frozen=True)
class TaskRow:
    """One statistic of one task ("all": the mean over tasks). Columns of <study>-by-task.csv.

    task: "all but X" for the mean over the other tasks. demand: what the claim demands of it,
    empty for what stands beside. verdict: of the claim's conditions on that task together.
    """

    id: str
    task: str
    contrast: str
    estimate: float
    ci_low: float
    ci_high: float
    p: float
    n: int
    demand: str
    verdict: str


def nothing_to_compare(missing: str) -> Asked:
    """What is asked of a study that lacks an arm that the claim needs."""
    return Asked({}, missing=missing)


def rows_of_verdict(claim: Claim, asked: Asked, verdict: Verdict) -> list[TaskRow]:
    """Give the rows behind a verdict: together, without each task, and each task's conditions."""
    return [
        *_rows(claim, "all", verdict.together),
        *(
            row
            for task, judged in verdict.without.items()
            for row in _rows(claim, f"all but {task}", judged)
        ),
        *(row for task, judged in verdict.by_task.items() for row in _rows(claim, task, judged)),
        *_beside(claim, asked.beside),
    ]


def _rows(claim: Claim, task: str, judged: Judgement) -> list[TaskRow]:
    return [
        _row(
            claim,
            task,
            each.name,
            each.contrast,
            each.demand.told(),
            judged.verdict,
            each.p_unmet,
        )
        for each in judged.conditions
    ]


def _beside(claim: Claim, beside: Mapping) -> list[TaskRow]:
    return [
        _row(claim, task, each.name, each.contrast, "", "", each.contrast.estimate.p_of(0.0))
        for task, conditions in beside.items()
        for each in conditions
    ]


def _row(claim: Claim, task: str, name: str, contrast, demand: str, verdict: str, p: float):
    low, high = contrast.estimate.interval()
    return TaskRow(
        claim.id, task, name, contrast.value, low, high, p, contrast.runs, demand, verdict
    )
