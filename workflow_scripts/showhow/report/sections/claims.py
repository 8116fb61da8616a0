"""The claims: each verdict, and under it task by task, without each task, and every condition."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd

from showhow.analysis.claims.claim import ClaimResult, TaskRow
from showhow.analysis.estimation import SIGNIFICANCE
from showhow.analysis.table_files import read_table
from showhow.report.material import Material
from showhow.report.registered import registration_of
from showhow.report.tables import format_bounds, format_estimate

DATA_FILES = ("claims.html.jinja",)
CLAIM = [field.name for field in fields(ClaimResult)]
CONDITION = [field.name for field in fields(TaskRow)]
TOGETHER = "all"
LEFT_OUT = "all but "
"""How the rows behind the claims name several tasks (analysis/claims/claim.py)."""

Row = dict[str, Any]


@dataclass(frozen=True)
class Conditions:
    """The statistics of some tasks, and what they come to.

    verdict: empty for what stands beside and decides nothing.
    """

    title: str
    verdict: str
    rows: list[Row]


@dataclass(frozen=True)
class ClaimCard:
    """One claim as the report shows it.

    row: the claim's row, with its estimate in words. tasks, without: the verdict of each task by
    itself, and of all tasks but one, by that task; without is empty with one task. together: of
    all tasks, before p is corrected for the study's claims. power: what was registered that the
    study can find.
    """

    row: Row
    tasks: dict[str, str]
    without: dict[str, str]
    together: str
    conditions: list[Conditions]
    power: Mapping[str, Any] | None

    @property
    def rests_on(self) -> list[str]:
        """The tasks without which the verdict would be another."""
        named: str | None = self.row["rests_on"]
        return named.split(", ") if named else []


def show(material: Material) -> Mapping[str, Any] | None:
    claims = read_table(material.tables["claims"], CLAIM)
    by_task = read_table(material.tables["claims by task"], CONDITION)
    registration = registration_of(material)
    cards = claim_cards(claims, by_task, registration.power if registration else {})
    return {"cards": cards} if cards else None


def claim_cards(
    claims: pd.DataFrame, by_task: pd.DataFrame, power: Mapping[str, Mapping[str, Any]]
) -> list[ClaimCard]:
    """Arrange the claims and the rows behind them; power: by claim."""
    behind = _with_words(by_task.merge(claims[["id", "unit"]], how="left"))
    return [
        _card(row, [each for each in behind if each["id"] == row["id"]], power.get(row["id"]))
        for row in _with_words(claims)
    ]


def _with_words(table: pd.DataFrame) -> list[Row]:
    """Give the rows, each with its estimate, interval and demand in words."""
    rows: Any = table.astype(object).where(table.notna(), None).to_dict("records")
    return [{**row, "written": format_estimate(row)} for row in rows]


def _card(row: Row, behind: list[Row], power: Mapping[str, Any] | None) -> ClaimCard:
    decisive = [each for each in behind if each["demand"]]
    verdicts = {each["task"]: each["verdict"] for each in decisive}
    without = {
        task.removeprefix(LEFT_OUT): verdict
        for task, verdict in verdicts.items()
        if task.startswith(LEFT_OUT)
    }
    tasks = {
        task: verdict
        for task, verdict in verdicts.items()
        if task != TOGETHER and not task.startswith(LEFT_OUT)
    }
    if row["condition"]:
        # The bounds of a condition are in the unit of the estimate, as those of the rows are.
        name, _, demand = row["condition"].rpartition(": ")
        row = {**row, "condition": f"{name}: {format_bounds(demand, row)}"}
    conditions = [_of_tasks(title, decisive, task) for task, title in _titles(tasks, without)]
    beside = [each for each in behind if not each["demand"]]
    if beside:
        conditions.append(Conditions("Beside these, deciding nothing", "", beside))
    return ClaimCard(row, tasks, without, verdicts.get(TOGETHER, ""), conditions, power)


def _titles(tasks: dict[str, str], without: dict[str, str]) -> list[tuple[str, str]]:
    """Name the groups of conditions; of one task alone they are there once."""
    if not without:
        return [(task, f"Task {task}") for task in tasks]
    return [
        (TOGETHER, "All tasks together"),
        *((LEFT_OUT + task, f"Without {task}") for task in without),
        *((task, f"Task {task}") for task in tasks),
    ]


def _of_tasks(title: str, decisive: list[Row], task: str) -> Conditions:
    rows = [
        {
            **row,
            "demand": format_bounds(row["demand"], row),
            "met": "met" if row["p"] is not None and row["p"] <= SIGNIFICANCE else "not met",
        }
        for row in decisive
        if row["task"] == task
    ]
    return Conditions(title, rows[0]["verdict"] if rows else "", rows)
