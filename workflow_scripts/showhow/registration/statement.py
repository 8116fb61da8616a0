"""What a study states before its data, and how another statement differs from it."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from showhow.analysis.claims import load_claim
from showhow.analysis.claims.deciding import criterion_of
from showhow.study.configuration import Configuration

EXCLUSIONS = (
    "Runs of models with random weights decide nothing.",
    "Every run that finished counts; a run that failed is made again with the same seed.",
    "An answer that cannot be read is wrong.",
)


def statement_of(configuration: Configuration, study: str) -> dict[str, Any]:
    """State a study: its claims with their criteria and margins, its grid, what it excludes.

    Two statements are the same when their hashes are.
    """
    described = configuration.studies[study]
    margins = configuration.analysis.margins
    stated: dict[str, Any] = {
        "study": study,
        "title": described.title,
        "claims": {
            claim.id: {
                "statement": claim.statement,
                "criterion": criterion_of(claim),
                "margin": margins.get(claim.id, claim.margin),
            }
            for claim in map(load_claim, described.claims)
        },
        "grids": [grid.model_dump(mode="json") for grid in described.grids],
        "tasks": {
            name: {
                "kind": configuration.tasks[name].kind,
                "settings": configuration.task_settings(name),
                "test_size": dict(configuration.tasks[name].test_size),
            }
            for name in sorted({task for grid in described.grids for task in grid.tasks})
        },
        "models": {
            name: configuration.models[name].model_dump(mode="json", exclude_none=True)
            for name in sorted({model for grid in described.grids for model in grid.models})
        },
        "training": configuration.training.model_dump(mode="json"),
        "exclusions": list(EXCLUSIONS),
    }
    return {**stated, "hash": hash_of(stated)}


def hash_of(stated: Mapping[str, Any]) -> str:
    """Hash what is stated, whatever the order of its keys (SHA-256, hex)."""
    text = json.dumps({k: v for k, v in stated.items() if k not in UNHASHED}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


UNHASHED = ("hash", "power")


def deviations(registered: Mapping[str, Any], ran: Mapping[str, Any]) -> list[str]:
    """List where the study that ran is not the one that was registered, in sentences."""
    before, after = _flat(registered), _flat(ran)
    told = []
    for key in sorted(before.keys() | after.keys()):
        was, now = before.get(key, "nothing"), after.get(key, "nothing")
        if was != now:
            told.append(f"{key}: registered was {was}, it ran with {now}.")
    return told


def _flat(value: Any, name: str = "") -> dict[str, str]:
    if isinstance(value, Mapping):
        parts = [
            _flat(part, f"{name}.{key}" if name else str(key))
            for key, part in value.items()
            if name or key not in UNHASHED
        ]
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        parts = [_flat(part, f"{name}.{part.get('name', i)}") for i, part in enumerate(value)]
    else:
        return {name: json.dumps(value)}
    return {key: text for part in parts for key, text in part.items()}
