"""What a study stated before its data, and whether the study that ran is that one."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from showhow.analysis.claims import load_claim
from showhow.analysis.claims.deciding import criterion_of
from showhow.base.errors import ShowhowError
from showhow.base.rows import read_text
from showhow.report.material import Material

EXCLUSIONS = (
    "Runs of models with random weights decide nothing.",
    "Every run that finished counts; a run that failed is made again with the same seed.",
    "An answer that cannot be read is wrong.",
)
UNHASHED = ("hash", "power")
"""What a statement says beside what it states: its own hash, and what its grid can find."""


def stated(
    study: str, settings: Mapping[str, Any], claims: Iterable[str], margins: Mapping[str, float]
) -> dict[str, Any]:
    """State a study: its claims with their criteria and margins, its settings, what it excludes.

    settings: what the configuration says of the study. claims: their ids. margins: of claims, by
    id, in place of their own. Two statements are the same when their hashes are.
    """
    statement = {
        "study": study,
        "title": settings["title"],
        "claims": {
            claim.id: {
                "statement": claim.statement,
                "criterion": criterion_of(claim),
                "margin": margins.get(claim.id, claim.margin),
            }
            for claim in map(load_claim, claims)
        },
        **settings,
        "exclusions": list(EXCLUSIONS),
    }
    return {**statement, "hash": hash_of(statement)}


def hash_of(statement: Mapping[str, Any]) -> str:
    """Hash what is stated, whatever the order of its keys (SHA-256, hex)."""
    text = json.dumps({k: v for k, v in statement.items() if k not in UNHASHED}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def deviations(registered: Mapping[str, Any], ran: Mapping[str, Any]) -> list[str]:
    """List where the study that ran is not the one that was registered, in sentences."""
    return [
        f"{key}: registered was {was}, it ran with {now}."
        for key, was, now in differing(registered, ran)
    ]


def differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Give each nested key whose value is not the same in both, with both values as text."""
    first, second = _flat(one), _flat(other)
    keys = sorted(first.keys() | second.keys())
    found = [(key, first.get(key, "nothing"), second.get(key, "nothing")) for key in keys]
    return [(key, was, now) for key, was, now in found if was != now]


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


@dataclass(frozen=True)
class Registration:
    """What was registered, as the report shows it.

    hash: of the registered statement. unchanged: whether the file is still what that hash says.
    deviations: where the study that ran differs. power: by claim, what its grid can find, as it
    was registered (registration/power.py).
    """

    hash: str
    unchanged: bool
    deviations: tuple[str, ...]
    power: Mapping[str, Mapping[str, Any]]


def registration_of(material: Material) -> Registration | None:
    """Compare what was registered, where anything was, with what the study is now."""
    if material.registered is None:
        return None
    ran = stated(material.study, material.settings, material.claims_tested, material.margins)
    return read_registration(material.registered, ran)


def read_registration(path: Path, ran: Mapping[str, Any]) -> Registration:
    """Read what was registered and compare it with the statement of the study that ran."""
    try:
        registered = yaml.safe_load(read_text(path))
    except yaml.YAMLError:
        registered = None
    if not isinstance(registered, dict) or "hash" not in registered:
        raise ShowhowError(
            f"{path} is not what `make register` writes. Take it back from the commit in which "
            "the study was registered."
        )
    return Registration(
        registered["hash"],
        registered["hash"] == hash_of(registered),
        tuple(deviations(registered, ran)),
        {found["claim"]: found for found in reversed(registered.get("power", []))},
    )
