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

    from showhow.analysis.claims.claim import Claim, ClaimResult, TaskRow
    from showhow.analysis.evidence import Evidence

NOT_CLAIMS = {"claim", "deciding"}


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
    evidence: "Evidence",
    claims: Iterable[str] | None = None,
    margins: Mapping[str, float] | None = None,
) -> tuple["pd.DataFrame", "pd.DataFrame"]:
    """Decide claims on a study's evidence; equal input gives equal output.

    claims: ids, all by default. margins: of claims, by id, in place of their own. Returns the
    claims table (columns of ClaimResult) and the rows behind it (columns of TaskRow). A claim for
    which the study lacks an arm is inconclusive with n = 0, and its note says what is missing.
    """
    from showhow.analysis.claims.deciding import decide

    loaded = [load_claim(name) for name in (claim_ids() if claims is None else claims)]
    return _tables(*decide(loaded, evidence, margins or {}))


def no_claims() -> tuple["pd.DataFrame", "pd.DataFrame"]:
    """Give the tables of a study that tests no claim, without a row."""
    return _tables([], [])


def _tables(
    results: "list[ClaimResult]", rows: "list[TaskRow]"
) -> tuple["pd.DataFrame", "pd.DataFrame"]:
    import pandas as pd

    from showhow.analysis.claims.claim import ClaimResult, TaskRow

    return (
        pd.DataFrame([asdict(r) for r in results], columns=[f.name for f in fields(ClaimResult)]),
        pd.DataFrame([asdict(row) for row in rows], columns=[f.name for f in fields(TaskRow)]),
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
