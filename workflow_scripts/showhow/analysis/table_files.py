"""Reading the tables that another stage wrote."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet

from showhow.base.wording import damaged, missing

TEXTS = ("answer", "predicted", "prediction")
"""Columns of the items that stay in the file unless they are asked for: they are the most of it."""


def read_table(path: Path | str, columns: Iterable[str] = ()) -> pd.DataFrame:
    """Read a table, Parquet or CSV by its name, that has at least these columns.

    Texts of predictions are read only where they are among these. A missing, damaged or foreign
    file raises ShowhowError with the path and the remedy.
    """
    path, columns = Path(path), list(columns)
    if not path.is_file():
        raise missing(path)
    try:
        table = _parquet(path, columns) if path.suffix == ".parquet" else pd.read_csv(path)
    except (pa.ArrowException, ValueError, OSError) as problem:
        raise damaged(path, problem) from problem
    absent = [column for column in columns if column not in table]
    if absent:
        raise damaged(path, f"it lacks the columns {', '.join(absent)}")
    return table


def _parquet(path: Path, columns: list[str]) -> pd.DataFrame:
    there = pyarrow.parquet.read_schema(path).names
    unread = set(TEXTS) - set(columns) if set(TEXTS) <= set(there) else set()
    return pd.read_parquet(path, columns=[name for name in there if name not in unread])


def blocks(
    table: pd.DataFrame, columns: list[str], sort: bool = True
) -> Iterator[tuple[Any, pd.DataFrame]]:
    """Give the rows of each combination of values in these columns, in the values' order.

    The key is a tuple of what the columns hold, of which pandas itself says only that it hashes.
    """
    yield from table.groupby(columns, sort=sort)


def rows_of(table: pd.DataFrame) -> Iterator[Any]:
    """Give each row, with its columns as attributes."""
    yield from table.itertuples()


def measured_table(table: pd.DataFrame | None) -> pd.DataFrame:
    """Give a table to what is asked for only where a study measures it."""
    assert table is not None
    return table
