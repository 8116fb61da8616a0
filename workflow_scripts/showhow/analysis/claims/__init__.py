"""The claims, one file each: a file in this folder, or in the user's own, is a claim.

The file's name is the claim's id, an underscore, and what it says: c1_explanations_beat_answers.py
holds CLAIM with the id C1.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from showhow.base.errors import ShowhowError
from showhow.base.own_files import modules_in

if TYPE_CHECKING:
    import pandas as pd

    from showhow.analysis.claims.claim import Claim
    from showhow.analysis.evidence import AboutBases

NOT_CLAIMS = {"claim"}


def claim_ids() -> list[str]:
    """List the claims' ids, sorted, without importing them."""
    return sorted(_modules())


def claim_file(claim_id: str) -> Path:
    """Name the file that holds a claim; an unknown id raises ShowhowError."""
    modules = _modules()
    if claim_id not in modules:
        raise ShowhowError(
            f"There is no claim '{claim_id}'. The claims are: {', '.join(claim_ids())}."
        )
    return modules[claim_id]


def load_claim(claim_id: str) -> "Claim":
    """Import one claim, and no other; an unknown id raises ShowhowError with the known ones."""
    return import_module(f"{__name__}.{claim_file(claim_id).stem}").CLAIM


def decide_claims(
    runs: "pd.DataFrame",
    items: "pd.DataFrame",
    detail: Mapping[str, int | None],
    claims: Iterable[str] | None = None,
    resamples: int = 2000,
    random_seed: int = 0,
    bases: "AboutBases | None" = None,
) -> tuple["pd.DataFrame", "pd.DataFrame"]:
    """Decide claims on the run table and the items table; equal input gives equal output.

    detail: level of detail of every variant (0 the answer alone, None a control).
    claims: ids, all by default. bases: what is known of the base models. Returns the claims table
    (columns of ClaimResult) and the rows behind it by task and model (columns of TaskRow). A claim
    for which the study lacks an arm is inconclusive with n = 0, and its note says what is missing.
    """
    import pandas as pd

    from showhow.analysis.claims.claim import ClaimResult, decide
    from showhow.analysis.contrasts import TaskRow
    from showhow.analysis.evidence import AboutBases, gather_evidence

    loaded = [load_claim(claim_id) for claim_id in (claims or claim_ids())]
    evidence = {
        every_arm: gather_evidence(
            runs, items, detail, resamples, random_seed, every_arm, bases or AboutBases()
        )
        for every_arm in sorted({claim.every_arm for claim in loaded})
    }
    decisions = [decide(claim, evidence[claim.every_arm]) for claim in loaded]
    rows = [asdict(row) for decision in decisions for row in decision.by_task]
    results = [asdict(decision.result) for decision in decisions]
    return (
        pd.DataFrame(results, columns=[field.name for field in fields(ClaimResult)]),
        pd.DataFrame(rows, columns=[field.name for field in fields(TaskRow)]),
    )


def _modules() -> dict[str, Path]:
    """Which file holds each claim, by the claim's id."""
    files = modules_in(__name__, NOT_CLAIMS)
    by_id: dict[str, Path] = {}
    for name, file in files.items():
        claim_id = name.partition("_")[0].capitalize()
        if claim_id in by_id:
            raise ShowhowError(
                f"{by_id[claim_id]} and {file} both hold the claim {claim_id}; begin the name of "
                "yours with an id that no other claim has."
            )
        by_id[claim_id] = file
    return by_id
