"""What a stage is told, as the JSON object of its flag --options."""

import json
from typing import Any

from pydantic import BaseModel

from showhow.study.paths import placed


def told(**options: Any) -> str:
    """Write options as JSON, with sorted keys, so that equal options give equal text.

    A recipe is written with all its keys; an option that is None is left out. Names of results are
    written as the paths that they have in the configuration's folder.
    """
    given = {name: value for name, value in options.items() if value is not None}
    return json.dumps(in_place(given), sort_keys=True, default=_plain)


def in_place(value: Any) -> Any:
    """Give each result that is named in a value the path that it has."""
    if isinstance(value, str):
        return placed(value)
    if isinstance(value, dict):
        return {key: in_place(each) for key, each in value.items()}
    return [in_place(each) for each in value] if isinstance(value, list | tuple) else value


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{value!r} is nothing that a stage could be told.")
