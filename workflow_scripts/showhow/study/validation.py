"""What is wrong with a configuration, all of it, in sentences.

The models in `showhow.study.configuration` say what each key may hold. The checks here are
those that a schema cannot say: names that have to exist, settings that have to fit together,
models that have to be there. They read the configuration as it was written, so that they also
run when some of its keys are wrong.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from showhow.base.errors import ShowhowError
from showhow.base.own_files import use_own_folder
from showhow.responses import load_variant, variant_kinds
from showhow.study.as_written import mapping
from showhow.study.complaints import complaints_of
from showhow.study.configuration import Configuration
from showhow.study.content_checks import wrong_contents
from showhow.study.name_checks import wrong_names
from showhow.study.places import KeyPath, Places
from showhow.study.writer_checks import wrong_writers
from showhow.tasks import load_task, task_kinds


def load_configuration(config: dict, files: list[Path]) -> Configuration:
    """Check a configuration and give it its types.

    `config` is the merged content of `files` (a later file overrides an earlier one) and of the
    command line. Raises ShowhowError with one sentence a line, one for everything that is wrong.
    """
    use_own_folder(config.get("own"))
    places = Places(config)
    for file in files:
        places.read(file)
    complaints = list(places.complaints)
    configuration = None
    try:
        configuration = Configuration.model_validate(config)
    except ValidationError as error:
        complaints += complaints_of(error, Configuration, places)
    complaints += _settings_complaints(config, places)
    for path, sentence in (
        *wrong_names(config),
        *wrong_contents(config),
        *wrong_writers(config),
    ):
        complaints.append(f"{places.of(path)}: {sentence}")
    if complaints:
        raise ShowhowError("\n".join(dict.fromkeys(complaints)))
    return configuration


def _settings_complaints(config: dict, places: Places) -> list[str]:
    """Check the settings of tasks and variants against the models of their kinds."""
    complaints = []
    for key, described, settings_model in _settings_models(config):
        settings = mapping(described).get("settings", {})
        try:
            settings_model.model_validate(settings)
        except ValidationError as error:
            complaints += complaints_of(error, settings_model, places, (*key, "settings"))
    return complaints


def _settings_models(config: dict) -> Iterator[tuple[KeyPath, Any, type[BaseModel]]]:
    for key, kinds, load in (
        ("tasks", task_kinds(), load_task),
        ("variants", variant_kinds(), load_variant),
    ):
        for name, described in mapping(config, key).items():
            kind = mapping(described).get("kind")
            if kind in kinds:
                yield (key, name), described, load(kind).Settings
