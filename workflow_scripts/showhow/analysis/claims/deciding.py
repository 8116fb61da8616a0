"""The claims of one study, decided together: p is adjusted for their number."""

from collections.abc import Mapping
from dataclasses import replace

from showhow.analysis.claims.claim import Asked, Claim, ClaimResult, TaskRow, rows_of_verdict
from showhow.analysis.estimation import holm
from showhow.analysis.evidence import Evidence
from showhow.analysis.judgement import INCONCLUSIVE, MIXED, Verdict


def decide(
    claims: list[Claim], evidence: Evidence, margins: Mapping[str, float]
) -> tuple[list[ClaimResult], list[TaskRow]]:
    """Decide claims; the p for each, against it and of `mixed` are adjusted over them (Holm 1979).

    A claim for which nothing can be compared is no test and counts for nothing.
    """
    asked = {
        claim: paired(claim.ask(evidence, margins.get(claim.id, claim.margin))) for claim in claims
    }
    verdicts = {claim: claim.decide(each.by_task) for claim, each in asked.items() if each.by_task}
    p_for = holm([verdict.together.p_for for verdict in verdicts.values()])
    p_against = holm([verdict.together.p_against for verdict in verdicts.values()])
    p_mixed = holm([verdict.p_mixed for verdict in verdicts.values()])
    adjusted = dict(zip(verdicts, zip(p_for, p_against, p_mixed, strict=True), strict=True))
    results, rows = [], []
    for claim, each in asked.items():
        if claim not in verdicts:
            results.append(_undecided(claim, each))
            continue
        verdict = verdicts[claim]
        results.append(_result(claim, each, evidence, verdict, *adjusted[claim]))
        rows += rows_of_verdict(claim, each, verdict)
    return results, rows


def paired(asked: Asked) -> Asked:
    """Give what is asked, or what is missing where nothing is common to what is compared."""
    conditions = [each for conditions in asked.by_task.values() for each in conditions]
    apart = [each.name for each in conditions if not each.contrast.units]
    if not apart:
        return asked
    missing = (
        f"What is compared has no seed or base in common ({apart[0]}): give its arms the same "
        "seeds, and its models the same `bases`."
    )
    return replace(asked, by_task={}, missing=missing)


def _result(
    claim: Claim,
    asked: Asked,
    evidence: Evidence,
    verdict: Verdict,
    p_for: float,
    p_against: float,
    p_mixed: float,
) -> ClaimResult:
    together = verdict.together
    weakest = together.weakest
    low, high = weakest.contrast.estimate.interval()
    decided = verdict.of(p_for, p_against, p_mixed)
    if decided == MIXED:
        p, adjusted = verdict.p_mixed, p_mixed
    elif together.p_for <= together.p_against:
        p, adjusted = together.p_for, p_for
    else:
        p, adjusted = together.p_against, p_against
    return ClaimResult(
        claim.id,
        claim.statement,
        criterion_of(claim),
        f"{weakest.name}: {weakest.demand.told()}",
        weakest.contrast.value,
        low,
        high,
        p,
        adjusted,
        weakest.contrast.runs,
        claim.unit,
        decided,
        "; ".join(f"{task} {judged.verdict}" for task, judged in verdict.by_task.items()),
        ", ".join(verdict.rests_on),
        scope_of(evidence, asked, verdict),
        " ".join(filter(None, (asked.note, claim.note))),
    )


def _undecided(claim: Claim, asked: Asked) -> ClaimResult:
    nan = float("nan")
    note = " ".join(filter(None, (asked.missing, claim.note)))
    numbers = (nan, nan, nan, nan, nan, 0)
    return ClaimResult(
        claim.id,
        claim.statement,
        criterion_of(claim),
        "",
        *numbers,
        claim.unit,
        INCONCLUSIVE,
        "",
        "",
        "",
        note,
    )


def criterion_of(claim: Claim) -> str:
    """Say in full what is compared and what decides."""
    return f"{claim.statistic} {claim.contrast} {claim.criterion}"


def scope_of(evidence: Evidence, asked: Asked, verdict: Verdict) -> str:
    """Say what the interval speaks of: bases that are made so, or one; and what was not asked."""
    alone = evidence.one_base(set(asked.models))
    units = len(verdict.together.weakest.contrast.units)
    bases = (
        f"of this one base: {', '.join(alone)}"
        if alone
        else f"of bases that are made so, from {units} of them"
    )
    return "; ".join(filter(None, (bases, asked.scope)))
