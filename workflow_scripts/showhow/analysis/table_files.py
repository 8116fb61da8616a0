"""Reading the tables that another stage wrote."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa

from showhow.base.wording import damaged, missing

UNREADABLE = (pa.ArrowException, pd.errors.ParserError, pd.errors.EmptyDataError, ValueError)


def read_table(path: Path | str, columns: Iterable[str] = ()) -> pd.DataFrame:
    """Read a table, Parquet or CSV by its name, that has at least these columns.

    A missing, damaged or foreign file raises ShowhowError with the path and the remedy.
    """
    path = Path(path)
    if not path.is_file():
        raise missing(path)
    try:
        table = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    except (*UNREADABLE, OSError) as problem:
        raise damaged(path, problem) from problem
    absent = [column for column in columns if column not in table]
    if absent:
        raise damaged(path, f"it lacks the columns {', '.join(absent)}")
    return table
