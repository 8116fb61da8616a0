"""What a claim is, and what deciding it gives."""

from collections.abc import Callable
from dataclasses import dataclass, field

from showhow.analysis.contrasts import TaskRow
from showhow.analysis.evidence import Evidence
from showhow.analysis.statistics import Estimate

SUPPORTED, CONTRADICTED, INCONCLUSIVE = "supported", "contradicted", "inconclusive"


@dataclass(frozen=True)
class Finding:
    """What a claim's test finds.

    n: the runs that went in, or what the claim's unit counts; 0 when nothing could be compared,
    and then `note` says what is missing.
    """

    estimate: Estimate
    n: int
    verdict: str
    note: str = ""


@dataclass(frozen=True)
class Claim:
    """One sentence of a paper with what decides it, fixed before the data.

    test: from the evidence to a finding and the rows behind it. every_arm: whether the evidence
    holds all ways of writing, not the levels of detail alone.
    """

    id: str
    statement: str
    statistic: str
    contrast: str
    criterion: str
    unit: str
    test: Callable[[Evidence], tuple[Finding, list[TaskRow]]]
    note: str = ""
    every_arm: bool = False


@dataclass(frozen=True)
class ClaimResult:
    """One decided claim. Columns of <study>.csv in results/claims."""

    id: str
    statement: str
    criterion: str
    estimate: float
    ci_low: float
    ci_high: float
    p: float
    n: int
    unit: str
    verdict: str
    note: str


@dataclass(frozen=True)
class Decision:
    """A decided claim and the rows behind it."""

    result: ClaimResult
    by_task: list[TaskRow] = field(default_factory=list)


def decide(claim: Claim, evidence: Evidence) -> Decision:
    """Test one claim on the evidence."""
    finding, rows = claim.test(evidence)
    estimate = finding.estimate
    numbers = (estimate.value, estimate.low, estimate.high, estimate.p, finding.n)
    note = " ".join(part for part in (finding.note, claim.note) if part)
    criterion = f"{claim.statistic} {claim.contrast} {claim.criterion}"
    result = ClaimResult(
        claim.id, claim.statement, criterion, *numbers, claim.unit, finding.verdict, note
    )
    return Decision(result, rows)


def nothing_to_compare(missing: str) -> Finding:
    """The finding when the study lacks an arm that the claim needs: inconclusive with n = 0."""
    nan = float("nan")
    return Finding(Estimate(nan, nan, nan, nan), 0, INCONCLUSIVE, missing)


def verdict_by_interval(estimate: Estimate, null: float = 0.0, claimed_above: bool = True) -> str:
    """Supported if the interval lies wholly on the claimed side of `null`, contradicted if wholly
    on the other."""
    above, below = estimate.low > null, estimate.high < null
    if not claimed_above:
        above, below = below, above
    return SUPPORTED if above else CONTRADICTED if below else INCONCLUSIVE


def overall(rows: list[TaskRow], contrast: str) -> TaskRow | None:
    """The row of a contrast over all tasks and models, if there is one."""
    found = [row for row in rows if (row.task, row.model, row.contrast) == ("all", "all", contrast)]
    return found[0] if found else None


def finding_of(row: TaskRow | None, verdict: Callable[[Estimate], str], missing: str) -> Finding:
    """Turn the overall row into the finding; without one, nothing could be compared."""
    if row is None:
        return nothing_to_compare(missing)
    estimate = Estimate(row.estimate, row.ci_low, row.ci_high, row.p)
    return Finding(estimate, row.n, verdict(estimate))
