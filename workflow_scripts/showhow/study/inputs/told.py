"""What a stage is told, as the JSON object of its flag --options."""

import json
from typing import Any

from pydantic import BaseModel


def told(**options: Any) -> str:
    """Write options as JSON, with sorted keys, so that equal options give equal text.

    A recipe is written with all its keys; an option that is None is left out.
    """
    given = {name: value for name, value in options.items() if value is not None}
    return json.dumps(given, sort_keys=True, default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise TypeError(f"{value!r} is nothing that a stage could be told.")
