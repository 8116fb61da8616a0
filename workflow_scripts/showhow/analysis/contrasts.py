"""Explained levels against the answer alone: the contrasts that several claims share."""

from dataclasses import dataclass, replace

from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.statistics import Estimate, Sampled, holm, mean_of

MEAN_GAIN = "mean of explained levels minus none"
BEST_GAIN = "best explained level minus none"


@dataclass(frozen=True)
class TaskRow:
    """One contrast for a task and a model ("all": averaged). Columns of <study>-by-task.csv."""

    id: str
    task: str
    model: str
    contrast: str
    estimate: float
    ci_low: float
    ci_high: float
    p: float
    p_holm: float
    n: int
    note: str = ""


@dataclass(frozen=True)
class Accuracies:
    """Accuracy of one task, model and split at one training size: without and by level."""

    task: str
    model: str
    split: str
    n_train: int
    none: Sampled
    by_level: dict[str, Sampled]

    def gains(self) -> dict[str, Sampled]:
        return {level: accuracy - self.none for level, accuracy in self.by_level.items()}

    def mean_gain(self) -> Sampled:
        levels = mean_of(list(self.by_level.values()))
        return replace(levels - self.none, runs=levels.runs + self.none.runs)


def largest_common_size(evidence: Evidence, split: str) -> list[Accuracies]:
    """For each task and model: accuracy at the largest N that none and some explained level have.

    A task and model without such an N, or without a seed that all its arms have, is left out.
    """
    found = [
        _at_largest_common_size(evidence, task, model, split)
        for task, model in evidence.tasks_and_models(split)
    ]
    return [accuracies for accuracies in found if accuracies is not None]


def _at_largest_common_size(
    evidence: Evidence, task: str, model: str, split: str
) -> Accuracies | None:
    for none in sorted(evidence.answer_only):
        sizes = set(evidence.sizes(task, none, model, split))
        by_size = {
            level: sizes.intersection(evidence.sizes(task, level, model, split))
            for level in evidence.levels
        }
        common = set().union(*by_size.values())
        if not common:
            continue
        n_train = max(common)
        levels = [level for level, has in by_size.items() if n_train in has]
        arms = [Arm(task, variant, model, n_train, split) for variant in (none, *levels)]
        sampled = evidence.accuracies(arms)
        if sampled is not None:
            by_level = dict(zip(levels, sampled[1:], strict=True))
            return Accuracies(task, model, split, n_train, sampled[0], by_level)
    return None


def best_of(gains: dict[str, Sampled]) -> tuple[str, Estimate]:
    """The level that gains most, with an interval that answers for the choice.

    All levels' intervals hold together (Bonferroni), so the chosen one's does; the estimate itself
    is the largest of several and so a little optimistic.
    """
    best = max(gains, key=lambda level: gains[level].observed)
    return best, gains[best].summary(tests=len(gains))


def mean_gain_rows(claim: str, cells: list[Accuracies]) -> list[TaskRow]:
    """Rows of the mean gain: each task and model, each task, and all tasks."""
    return summary_rows(
        claim,
        MEAN_GAIN,
        {(cell.task, cell.model): cell.mean_gain() for cell in cells},
        {(cell.task, cell.model): _where(cell, cell.by_level) for cell in cells},
    )


def best_gain_rows(claim: str, cells: list[Accuracies]) -> list[TaskRow]:
    """Rows of the best level's gain: each task and model, and each task."""
    by_model = []
    for cell in cells:
        level, estimate = best_of(cell.gains())
        where = (cell.task, cell.model, BEST_GAIN)
        runs = cell.none.runs + cell.by_level[level].runs
        by_model.append(task_row(claim, *where, estimate, runs, _where(cell, [level])))
    by_task = [
        row
        for task in sorted({cell.task for cell in cells})
        for row in _best_of_task(claim, task, [cell for cell in cells if cell.task == task])
    ]
    return adjusted(by_model) + adjusted(by_task)


def _best_of_task(claim: str, task: str, cells: list[Accuracies]) -> list[TaskRow]:
    """One level for all models of the task: those with the most levels, and the levels they share.

    A model that has only some of the levels would otherwise decide which levels can be compared.
    """
    most = max(len(cell.by_level) for cell in cells)
    cells = [cell for cell in cells if len(cell.by_level) == most]
    shared = [level for level in cells[0].by_level if all(level in cell.by_level for cell in cells)]
    if not shared:
        return []
    gains = {level: mean_of([cell.gains()[level] for cell in cells]) for level in shared}
    level, estimate = best_of(gains)
    runs = sum(cell.none.runs + cell.by_level[level].runs for cell in cells)
    models = ", ".join(cell.model for cell in cells)
    return [task_row(claim, task, "all", BEST_GAIN, estimate, runs, f"{level}; {models}")]


def _where(cell: Accuracies, levels) -> str:
    return f"{', '.join(levels)}; N {cell.n_train}; split {cell.split}"


def summary_rows(
    claim: str,
    contrast: str,
    by_cell: dict[tuple[str, str], Sampled],
    notes: dict[tuple[str, str], str],
) -> list[TaskRow]:
    """Rows of one contrast: each (task, model), each task (models averaged), all tasks (the same).

    Every task weighs the same, however many models it has. p_holm adjusts over the (task, model)
    pairs and, apart from them, over the tasks.
    """
    if not by_cell:
        return []
    tasks = sorted({task for task, _ in by_cell})
    by_task = {
        task: mean_of([sampled for (of, _), sampled in by_cell.items() if of == task])
        for task in tasks
    }
    cell_rows = [
        task_row(claim, *cell, contrast, sampled.summary(), sampled.runs, notes[cell])
        for cell, sampled in by_cell.items()
    ]
    task_rows = [
        task_row(claim, task, "all", contrast, sampled.summary(), sampled.runs)
        for task, sampled in by_task.items()
    ]
    overall = mean_of(list(by_task.values()))
    overall_row = task_row(claim, "all", "all", contrast, overall.summary(), overall.runs)
    return adjusted(cell_rows) + adjusted(task_rows) + adjusted([overall_row])


def task_row(
    claim: str, task: str, model: str, contrast: str, estimate: Estimate, n: int, note: str = ""
) -> TaskRow:
    """Make a row whose p is not adjusted yet."""
    numbers = (estimate.value, estimate.low, estimate.high, estimate.p, estimate.p)
    return TaskRow(claim, task, model, contrast, *numbers, n, note)


def adjusted(rows: list[TaskRow]) -> list[TaskRow]:
    """Adjust p over these rows by Holm's method."""
    adjusted_p = holm([row.p for row in rows])
    return [replace(row, p_holm=p) for row, p in zip(rows, adjusted_p, strict=True)]
