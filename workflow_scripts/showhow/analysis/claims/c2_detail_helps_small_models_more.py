"""C2: detailed explanations help small models more."""

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from showhow.analysis.claims.claim import (
    INCONCLUSIVE,
    Claim,
    Finding,
    finding_of,
    overall,
    verdict_by_interval,
)
from showhow.analysis.contrasts import TaskRow, adjusted, task_row
from showhow.analysis.evidence import Evidence
from showhow.analysis.interaction import (
    Design,
    clustered_accuracy,
    clustered_log_odds,
    make_design,
    mixed_log_odds,
)
from showhow.analysis.statistics import Estimate

LOG_ODDS = "detail x log10 parameters, log odds"
MIXED = "detail x log10 parameters, log odds, mixed model"
ACCURACY = "detail x log10 parameters, accuracy"
AMONG_EXPLAINED = "detail x log10 parameters among explained levels, log odds"
ANY = "any explanation x log10 parameters, log odds"


def decide_interaction(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """The clustered GLM over all tasks decides, if the mixed model has the same sign."""
    runs = evidence.runs[evidence.runs["split"] == "test"]
    detail = runs["variant"].map(evidence.detail).astype(float)
    explained = detail > 0
    rows = [
        *_rows(LOG_ODDS, runs, detail, clustered_log_odds),
        *_rows(MIXED, runs, detail, mixed_log_odds),
        *_rows(ACCURACY, runs, detail, clustered_accuracy),
        *_rows(AMONG_EXPLAINED, runs[explained], detail[explained], clustered_log_odds),
        *_rows(ANY, runs, explained.astype(float), clustered_log_odds),
    ]
    missing = "No task has runs of two model sizes with two degrees of detail, or they are too few."
    finding = finding_of(overall(rows, LOG_ODDS), _smaller_gain_more, missing)
    check = overall(rows, MIXED)
    if check is None:
        return finding, rows
    note = (
        f"The mixed model gives {check.estimate:+.3f} [{check.ci_low:+.3f}, {check.ci_high:+.3f}]."
    )
    agrees = check.estimate * finding.estimate.value > 0
    return replace(finding, verdict=finding.verdict if agrees else INCONCLUSIVE, note=note), rows


def _rows(
    contrast: str,
    runs: pd.DataFrame,
    detail: pd.Series,
    fit: Callable[[Design], Estimate | None],
) -> list[TaskRow]:
    """Rows of one regression: each task by itself, and all tasks with one common interaction."""
    tasks = sorted(runs["task"].unique())
    parts = {task: runs["task"] == task for task in tasks}
    by_task = [_row(contrast, task, runs[part], detail[part], fit) for task, part in parts.items()]
    together = _row(contrast, "all", runs, detail, fit)
    return adjusted([row for row in by_task if row]) + ([together] if together else [])


def _row(
    contrast: str,
    task: str,
    runs: pd.DataFrame,
    detail: pd.Series,
    fit: Callable[[Design], Estimate | None],
) -> TaskRow | None:
    design = make_design(runs, detail)
    estimate = fit(design) if design else None
    if design is None or estimate is None:
        return None
    return task_row("C2", task, "all", contrast, estimate, len(design.right))


def _smaller_gain_more(estimate: Estimate) -> str:
    return verdict_by_interval(estimate, claimed_above=False)


CLAIM = Claim(
    id="C2",
    statement="Detailed explanations help small models more than larger ones.",
    statistic="Right answers on the split test, all training sizes, levels of detail 0 to 3.",
    contrast=(
        "Coefficient of detail x log10 parameters in a binomial regression (errors clustered by "
        "run) with a baseline per task and model and per task and level, and per task lines in "
        "log N and detail x log N."
    ),
    criterion=(
        "Supported if its 95% interval lies below zero (smaller models gain more per level), "
        "contradicted if above; inconclusive if the mixed model on the empirical log odds has the "
        "other sign."
    ),
    unit="log odds per level of detail and tenfold parameters",
    test=decide_interaction,
    note="A contrary result to hold it against: Ludan et al. 2023 report larger gains for larger "
    "models.",
)
