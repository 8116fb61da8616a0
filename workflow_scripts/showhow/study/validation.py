"""What is wrong with a configuration, all of it, in sentences.

The models in `showhow.study.configuration` say what each key may hold, and which names have to
exist. The checks in `showhow.study.checks` find what a single key cannot show: settings that have
to fit together, models that have to be there. They read the typed configuration; where parts of
it are wrong in themselves, they read the rest.
"""

from collections.abc import Collection, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any, cast

from pydantic import Field, ValidationError

from showhow.analysis.claims import claim_ids
from showhow.base.errors import ShowhowError
from showhow.base.own_files import use_own_folder
from showhow.corpus.exercises import SKILLS
from showhow.figures import figure_names
from showhow.responses import load_variant, variant_kinds
from showhow.study.checks import contents, models, names, programs, rates, results, sizes, writers
from showhow.study.checks.own_data import doubtful_own_data, tasks_of_own_data, wrong_own_data
from showhow.study.complaints import Complaint, complaints_of, told
from showhow.study.configuration import Configuration, Name, Study
from showhow.study.places import KeyPath, Places, YamlFile
from showhow.tasks import load_task, task_kinds

NAMED_PARTS = ("tasks", "variants", "writers", "models")
OF_PARTS = names.CHECKS | contents.CHECKS | models.CHECKS | rates.CHECKS | writers.CHECKS
CHECKS = OF_PARTS | results.CHECKS | programs.CHECKS | sizes.CHECKS
# What stands for a grid that is wrong, so that the others keep their numbers: nothing it names is.
NO_GRID = {"name": "left-out", "tasks": ["-"], "variants": ["-"], "models": ["-"], "n_train": [1]}


class SoundPart(Configuration):
    """What is left of a configuration without what is wrong in itself; there may be no study."""

    studies: dict[Name, Study] = Field({})


def load_configuration(config: dict, files: list[Path]) -> Configuration:
    """Check a configuration and give it its types.

    `config` is the merged content of `files` (a later file overrides an earlier one) and of the
    command line. Raises ShowhowError with one sentence a line, one for everything that is wrong.
    """
    use_own_folder(config.get("own"))
    places, of_files = _read(config, files)
    existing = _existing_names(config)
    configuration: Configuration | None = None
    complaints: list[Complaint] = []
    try:
        configuration = Configuration.model_validate(config, context=existing)
    except ValidationError as error:
        complaints += complaints_of(error, Configuration)
    complaints += _settings_complaints(config, existing)
    mistyped = [each for each in complaints if not each.kind.startswith("unknown_")]
    wrong = [_to_leave_out(each.path, each.kind) for each in mistyped]
    sound = configuration
    if sound is None or complaints:
        sound = SoundPart.model_validate(_without(config, wrong))
    for check, section in CHECKS.items():
        if (section,) not in wrong:
            complaints += (each for each in check(sound) if not _parts_around(each.path, wrong))
    if of_files or complaints:
        raise ShowhowError("\n".join([*of_files, *told(complaints, places)]))
    assert configuration is not None
    return configuration


def check_own_data(configuration: Configuration, config: dict, files: list[Path]) -> list[str]:
    """Read the user's files, and raise ShowhowError for what they lack, as load_configuration does.

    Gives what is not wrong and yet to be minded, in sentences. It reads all of the files, so it is
    for the process that plans a study, and no other.
    """
    complaints: list[Complaint] = []
    doubts: list[str] = []
    for task in tasks_of_own_data(configuration):
        found = list(wrong_own_data(configuration, task))
        complaints += found
        doubts += [] if found else doubtful_own_data(configuration, task)
    if complaints:
        places, _ = _read(config, files)
        raise ShowhowError("\n".join(told(complaints, places)))
    return doubts


def _read(config: dict, paths: list[Path]) -> tuple[Places, list[str]]:
    """Read the files; give where keys stand in them, and what is wrong with them as YAML."""
    files, complaints = [], []
    for path in paths:
        try:
            files.append(YamlFile(path))
            complaints += files[-1].complaints()
        except ShowhowError as error:
            complaints.append(str(error))
    return Places(config, files), complaints


def _mapping(value: Any, key: str) -> dict:
    """Give the mapping at a key of what may be anything, or an empty one."""
    value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _existing_names(config: dict) -> dict[str, Collection]:
    """Give all that can be named, by what it is, whether or not it is rightly described."""
    return {
        "task": _mapping(config, "tasks"),
        "variant": {*variant_kinds(), *_mapping(config, "variants")},
        "writer": _mapping(config, "writers"),
        "model": _mapping(config, "models"),
        "skill": SKILLS,
        "claim": claim_ids(),
        "figure": figure_names(),
        "kind of task": task_kinds(),
        "kind of variant": variant_kinds(),
    }


def _settings_complaints(config: dict, existing: dict) -> Iterator[Complaint]:
    """Check the settings of tasks and variants against the models of their kinds."""
    for key, kinds, load in (
        ("tasks", task_kinds(), load_task),
        ("variants", variant_kinds(), load_variant),
    ):
        for name, described in _mapping(config, key).items():
            kind = described.get("kind") if isinstance(described, dict) else None
            if kind not in kinds:
                continue
            settings = load(kind).Settings
            others = existing | {"variant": existing["variant"] - {name}}
            try:
                settings.model_validate(described.get("settings", {}), context=others)
            except ValidationError as error:
                yield from complaints_of(error, settings, (key, name, "settings"))


def _to_leave_out(path: KeyPath, kind: str) -> KeyPath:
    """Name what is not sound because of one complaint, such that all else means what it did.

    That is a key that does not exist; or else the task, variant, writer, model or grid, part of a
    study, or section that holds the wrong key: with a default in its place it would be another.
    """
    section = path[0]
    if path[2:3] == ("settings",):
        return path[:3] if section == "variants" else path[:2]
    if section in NAMED_PARTS:
        return path if kind == "extra_forbidden" else path[:2]
    if section == "studies":
        if path[2:3] != ("grids",):
            return path[:3]
        return path[:4] if len(path) > 3 else path[:2]
    return path if kind == "extra_forbidden" else path[:1]


def _parts_around(path: KeyPath, parts: list[KeyPath]) -> list[KeyPath]:
    """Give the parts of a configuration that a path leads through or to, the outermost first."""
    return [path[:length] for length in range(1, len(path) + 1) if path[:length] in parts]


def _without(config: dict, wrong: list[KeyPath]) -> dict:
    """Copy a configuration but for some parts of it."""
    sound = deepcopy(config)
    for *holders, key in {_parts_around(path, wrong)[0] for path in wrong}:
        holder: Any = sound
        for name in holders:
            holder = holder[name]
        if isinstance(holder, list):
            cast(Any, holder)[key] = NO_GRID
        else:
            # Of a key that is no text, pydantic gives a number or the text.
            for name in [name for name in holder if name == key or str(name) == key]:
                del holder[name]
    return sound
