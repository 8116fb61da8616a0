"""Does detail help small models more? The interaction of detail and model size.

A run counts as its right answers out of its test problems. Its log odds are a baseline of its task
and model, one of its task and level, and for each task straight lines in log N and in detail x
log N; what is asked for is the coefficient of detail x log10 parameters: by how much the gain per
step of detail changes when the model grows tenfold.
"""

import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.regression.linear_model import OLS
from statsmodels.regression.mixed_linear_model import MixedLM
from statsmodels.tools.sm_exceptions import ConvergenceWarning, PerfectSeparationWarning

from showhow.analysis.statistics import Estimate


@dataclass(frozen=True)
class Design:
    """The regression of one set of runs: counts (M,), columns (M, C) and the index asked for.

    arm: (M,), the same for runs that differ in training size or seed alone.
    """

    right: np.ndarray
    total: np.ndarray
    columns: np.ndarray
    arm: np.ndarray

    @property
    def asked(self) -> int:
        return self.columns.shape[1] - 1


def make_design(runs: pd.DataFrame, detail: pd.Series) -> Design | None:
    """Arrange runs for the regression.

    runs: rows of one split with task, variant, model, parameters, n_train, n_correct, n_test.
    detail: of each row, a number. Tasks with one model size or one degree of detail say nothing
    about the interaction and are left out. None when no task remains, or fewer than two runs for
    each column.
    """
    runs = runs.assign(detail=detail)
    by_task = runs.groupby("task")
    varied = (by_task["parameters"].nunique() > 1) & (by_task["detail"].nunique() > 1)
    runs = runs[runs["task"].isin(varied.index[varied])].reset_index(drop=True)
    if runs.empty:
        return None
    columns = _independent_columns(_candidate_columns(runs))
    if columns is None or len(runs) < 2 * columns.shape[1]:
        return None
    arm = runs.groupby(["task", "variant", "model"]).ngroup().to_numpy()
    right, total = (runs[name].to_numpy(dtype=float) for name in ("n_correct", "n_test"))
    return Design(right, total, columns, arm)


def clustered_log_odds(design: Design) -> Estimate:
    """Binomial GLM with errors clustered by run: each run is one row, so the sandwich is by row.

    Answers of one run hang together, and errors from the binomial alone are several times too
    small; `fit(scale="X2")` gives a wrong dispersion for counts in two columns, so it is not used.
    Half a right and half a wrong answer are added to each run, so that runs at 0 or 1 keep finite
    log odds.
    """
    counts = np.column_stack([design.right + 0.5, design.total - design.right + 0.5])
    model = GLM(counts, design.columns, family=Binomial())
    with warnings.catch_warnings():
        # It comes whenever the columns fit the runs exactly, which the half answers make harmless.
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        return _estimate(model.fit(**_clustered(design)), design.asked)


def clustered_accuracy(design: Design) -> Estimate:
    """The same on the scale of accuracy: least squares, errors clustered by run."""
    model = OLS(design.right / design.total, design.columns)
    return _estimate(model.fit(**_clustered(design)), design.asked)


def mixed_log_odds(design: Design) -> Estimate | None:
    """The check: a linear mixed model of the empirical log odds with a random intercept per arm.

    The intercepts take up how an arm strays from the straight lines, which the clustered GLM
    counts as evidence; where an arm does, this interval is the wider one. None when the model
    cannot be fitted.
    """
    right, wrong = design.right + 0.5, design.total - design.right + 0.5
    model = MixedLM(np.log(right / wrong), design.columns, groups=design.arm)
    with warnings.catch_warnings():
        # A variance between arms of zero lies at the edge of what is allowed; it is an answer.
        warnings.simplefilter("ignore", ConvergenceWarning)
        warnings.simplefilter("ignore", UserWarning)
        try:
            fitted = model.fit(reml=True)
        except np.linalg.LinAlgError:
            return None
    estimate = _estimate(fitted, design.asked)
    return estimate if np.isfinite([estimate.low, estimate.high]).all() else None


def _clustered(design: Design) -> dict:
    groups = np.arange(len(design.right))
    return {"cov_type": "cluster", "cov_kwds": {"groups": groups}, "use_t": True}


def _estimate(fitted, asked: int) -> Estimate:
    low, high = np.asarray(fitted.conf_int())[asked]
    value, p = np.asarray(fitted.params)[asked], np.asarray(fitted.pvalues)[asked]
    return Estimate(float(value), float(low), float(high), float(p))


def _candidate_columns(runs: pd.DataFrame) -> np.ndarray:
    """All columns of the regression, the interaction last; some may depend on others."""
    models = pd.get_dummies(runs["task"] + "/" + runs["model"], dtype=float)
    # A level each, not a line in detail: a model that lacks some levels would bend the line.
    levels = pd.get_dummies(runs["task"] + "/" + runs["detail"].astype(str), dtype=float)
    tasks = pd.get_dummies(runs["task"], dtype=float).to_numpy()
    log_n = np.log(runs["n_train"].to_numpy(dtype=float))
    log_size = np.log10(runs["parameters"].to_numpy(dtype=float))
    detail = runs["detail"].to_numpy(dtype=float)
    log_n, log_size = log_n - log_n.mean(), log_size - log_size.mean()
    lines = [tasks * line[:, None] for line in (log_n, detail * log_n)]
    return np.column_stack([models, levels, *lines, detail * log_size])


def _independent_columns(columns: np.ndarray) -> np.ndarray | None:
    """Drop columns that others before them make up; None when the last one is such a column."""
    kept: list[int] = []
    for index in range(columns.shape[1]):
        if np.linalg.matrix_rank(columns[:, [*kept, index]]) > len(kept):
            kept.append(index)
    return columns[:, kept] if kept[-1] == columns.shape[1] - 1 else None
