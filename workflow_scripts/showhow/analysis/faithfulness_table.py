"""The table of whether answers follow from explanations, by run."""

from collections.abc import Container, Mapping
from dataclasses import fields

import pandas as pd

from showhow.analysis.tables import RUN, FinishedRun
from showhow.base.rows import read_record
from showhow.probes.faithfulness import Faithfulness

COUNTS = [field.name for field in fields(Faithfulness)]


def faithfulness_table(
    runs: list[FinishedRun], explained: Mapping[str, Container[str]]
) -> pd.DataFrame:
    """One row per run whose responses explain: the columns RUN, then those of Faithfulness.

    explained: by task, the variants of which it was measured.
    """
    rows = [
        {**run.identity, **read_record(run.directory / "faithfulness.json", COUNTS)}
        for run in runs
        if str(run.identity["variant"]) in explained.get(str(run.identity["task"]), ())
    ]
    return pd.DataFrame(rows, columns=[*RUN, *COUNTS])
