"""Values in a configuration that have to fit together, or to fit what is on this machine."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from showhow.base.errors import ShowhowError
from showhow.recipes.base_models import LadderModel
from showhow.recipes.surroundings import Tracker
from showhow.recipes.training import TrainingRecipe
from showhow.responses import load_variant, variant_kinds
from showhow.responses.base_variant import BaseVariant
from showhow.study.as_written import Finding, grids, mapping, recipes, sequence
from showhow.study.complaints import instead, shown, spelled
from showhow.study.grid import DEFAULT_TEST_SIZE
from showhow.study.places import KeyPath
from showhow.tasks import load_task, task_kinds
from showhow.tasks.task import RandomTask, Task, TaskSettings


def wrong_contents(config: dict) -> Iterator[Finding]:
    """Find tasks, sizes, models, recipes and trackers that cannot be as they are described."""
    yield from _no_own_folder(config)
    yield from _wrong_tasks(config)
    yield from _wrong_models(config)
    yield from _wrong_recipes(config)
    yield from _wrong_adapters(config)
    yield from _missing_trackers(config)
    yield from _voiceless_corpora(config)
    yield from _voiceless_bases(config)
    yield from _unstated_facts(config)


def _no_own_folder(config: dict) -> Iterator[Finding]:
    folder = config.get("own")
    if isinstance(folder, str) and not Path(folder).is_dir():
        yield Finding(
            ("own",),
            f"own is {shown(folder)}, but there is no such folder; write the path of the one with "
            "your tasks, responses, figures or claims in it.",
        )


def _typed_tasks(config: dict) -> Iterator[tuple[str, Task, TaskSettings]]:
    """Give the tasks whose kind exists and whose settings have the right types."""
    for name, described in mapping(config, "tasks").items():
        kind = mapping(described).get("kind")
        if kind not in task_kinds():
            continue
        task = load_task(kind)
        try:
            yield name, task, task.Settings.model_validate(mapping(described).get("settings", {}))
        except ValidationError:
            continue


def _wrong_tasks(config: dict) -> Iterator[Finding]:
    for name, task, settings in _typed_tasks(config):
        written = mapping(config, "tasks", name)
        try:
            task.check(settings)
        except ShowhowError as error:
            path = ("tasks", name, "settings")
            culprits = [key for key in mapping(written, "settings") if _mentions(error, key)]
            where = (*path, *culprits[:1])
            yield Finding(where, f"{spelled(path)} cannot be: {error}")
            continue
        sizes = mapping(written, "test_size")
        yield from _unknown_splits(("tasks", name, "test_size"), sizes, task, settings)
        if isinstance(task, RandomTask):
            yield from _too_large_splits(("tasks", name, "test_size"), sizes, task, settings)
            yield from _too_large_training_sets(config, name, sizes, task, settings)


def _mentions(error: ShowhowError, key: str) -> bool:
    return re.search(rf"\b{re.escape(str(key))}\b", str(error)) is not None


def _unknown_splits(
    path: KeyPath, sizes: dict, task: Task, settings: TaskSettings
) -> Iterator[Finding]:
    splits = task.evaluation_splits(settings)
    for split in sizes:
        if split not in splits:
            where = (*path, split)
            remedy = instead(split, splits, "its splits are")
            wrong = f"{spelled(where)} sizes a split that the task does not have"
            yield Finding(where, f"{wrong}; {remedy}")


def _too_large_splits(
    path: KeyPath, sizes: dict, task: RandomTask, settings: TaskSettings
) -> Iterator[Finding]:
    for split in task.evaluation_splits(settings):
        where = (*path, split)
        size = sizes.get(split, DEFAULT_TEST_SIZE)
        there = task.capacity(settings, split, set())
        if there is not None and isinstance(size, int) and size > there:
            yield Finding(
                where,
                f"{spelled(where)} is {size}, but with these settings the split has only {there} "
                f"problems; write at most {there}, or widen the settings.",
            )


def _too_large_training_sets(
    config: dict, name: str, sizes: dict, task: RandomTask, settings: TaskSettings
) -> Iterator[Finding]:
    """No training problem may be a test problem, so the test set takes its share first."""
    problems = task.capacity(settings, "train", set())
    test_size = sizes.get("test", DEFAULT_TEST_SIZE)
    if problems is None or not isinstance(test_size, int) or test_size > problems:
        return
    left = problems - test_size
    for path, grid in grids(config):
        if name not in sequence(grid.get("tasks")):
            continue
        for index, size in enumerate(sequence(grid.get("n_train"))):
            where = (*path, "n_train", index)
            if isinstance(size, int) and size > left:
                yield Finding(
                    where,
                    f"{spelled(where)} is {size}, but with its settings the task {name} has only "
                    f"{left} problems beside its test set; write at most {left}, or widen "
                    f"tasks.{name}.settings.",
                )


# Models and recipes.


def _wrong_models(config: dict) -> Iterator[Finding]:
    for name, model in mapping(config, "models").items():
        kind = mapping(model).get("kind")
        if kind == "ladder":
            yield from _uneven_heads(("models", name), model)
        elif kind == "folder" and isinstance(model.get("path"), str):
            yield from _missing_weights(("models", name, "path"), Path(model["path"]))


def _uneven_heads(path: KeyPath, model: dict) -> Iterator[Finding]:
    defaults = {key: field.default for key, field in LadderModel.model_fields.items()}
    hidden, heads, family = ({**defaults, **model}[key] for key in ("hidden", "heads", "family"))
    if not (isinstance(hidden, int) and isinstance(heads, int) and hidden > 0 and heads > 0):
        return
    # A decoder rotates pairs of a head's dimensions to tell positions apart.
    unit = 2 * heads if family == "decoder" else heads
    if hidden % unit:
        nearest = max(unit, round(hidden / unit) * unit)
        yield Finding(
            (*path, "hidden"),
            f"{spelled((*path, 'hidden'))} is {hidden}, which {heads} heads cannot share evenly; "
            f"write a multiple of {unit}, such as {nearest}.",
        )


def _missing_weights(path: KeyPath, folder: Path) -> Iterator[Finding]:
    name = spelled(path)
    if not folder.is_dir():
        siblings = [other.name for other in folder.parent.glob("*") if other.is_dir()]
        near = instead(folder.name, siblings, "") if siblings else ""
        hint = f" {near[0].upper()}{near[1:]}" if near.startswith("did") else ""
        yield Finding(
            path,
            f"{name} is {shown(str(folder))}, but there is no such folder; write the path of a "
            f"folder that transformers' save_pretrained wrote.{hint}",
        )
    elif not (folder / "config.json").is_file():
        yield Finding(
            path,
            f"{name} is {shown(str(folder))}, a folder without config.json, so it holds no model; "
            "write the path of a folder that transformers' save_pretrained wrote.",
        )
    elif not any(folder.glob("*.safetensors")):
        yield Finding(
            path,
            f"{name} is {shown(str(folder))}, a folder without weights in *.safetensors, the only "
            "format that is read; save the model anew with transformers' save_pretrained.",
        )


def _wrong_recipes(config: dict) -> Iterator[Finding]:
    common = {key: field.default for key, field in TrainingRecipe.model_fields.items()}
    common |= mapping(config, "training")
    for path, recipe in recipes(config, "training"):
        both = {**common, **recipe}
        batch, micro = both["batch_size"], both["micro_batch_size"]
        own = "micro_batch_size" if "micro_batch_size" in recipe else "batch_size"
        if own not in recipe or not (isinstance(batch, int) and isinstance(micro, int)):
            continue
        if micro > 0 and batch % micro:
            where = (*path, "micro_batch_size")
            yield Finding(
                (*path, own),
                f"{spelled(where)} is {micro}, which does not divide the batch size {batch}; "
                f"write a divisor of {batch}, or null.",
            )


def _wrong_adapters(config: dict) -> Iterator[Finding]:
    """Find models whose recipe has an adapter beside what no adapter goes with."""
    optimizer = TrainingRecipe.model_fields["optimizer"].default
    common = {"adapter": None, "optimizer": optimizer, **mapping(config, "training")}
    for name, model in mapping(config, "models").items():
        own = mapping(model, "training")
        recipe = {**common, **own}
        if recipe["adapter"] is None:
            continue
        where = (*(("models", name) if "adapter" in own else ()), "training", "adapter")
        if mapping(model).get("start") == "random":
            yield Finding(
                where,
                f"{spelled(where)} adds an adapter, but models.{name} starts from random weights, "
                "which an adapter would leave as they are; write adapter: null for that model.",
            )
        if recipe["optimizer"] == "muon":
            yield Finding(
                where,
                f"{spelled(where)} adds an adapter, but the optimizer is muon, which makes the "
                "update of a whole matrix orthogonal and not that of its two factors; write "
                "optimizer: adamw, with a learning rate for it.",
            )


# Trackers.

PACKAGES = {tracker: tracker for tracker in get_args(Tracker)} | {"flyte": "flytekit"}


def _missing_trackers(config: dict) -> Iterator[Finding]:
    """The package of a tracker has to be there, or every training would end in an error."""
    tracking = mapping(config, "tracking")
    if tracking.get("tensorboard") is True and find_spec("tensorboard") is None:
        yield _missing_tracker(("tracking", "tensorboard"), "tensorboard", "write false")
    for index, tracker in enumerate(sequence(tracking.get("also"))):
        known = isinstance(tracker, str) and tracker in PACKAGES
        if known and find_spec(PACKAGES[tracker]) is None:
            where = ("tracking", "also", index)
            yield _missing_tracker(where, PACKAGES[tracker], "leave it out")


def _missing_tracker(where: KeyPath, package: str, otherwise: str) -> Finding:
    return Finding(
        where,
        f"{spelled(where)} needs the package {package}, which is not installed here; install it "
        f"with: python -m pip install {package}, or {otherwise}.",
    )


# Voices.


def _voiceless_corpora(config: dict) -> Iterator[Finding]:
    common = mapping(config, "corpus")
    for path, recipe in recipes(config, "corpus"):
        told = {**common, **recipe}
        for key in ("solutions", "other_voice"):
            if mapping(told, key) and told.get("voice") is None and key in recipe:
                where = (*path, key)
                yield Finding(
                    where,
                    f"{spelled(where)} asks for worked solutions, but {spelled(path)} names no "
                    "voice to say them in; write voice: a, or voice: b.",
                )


def _voiceless_bases(config: dict) -> Iterator[Finding]:
    """What is written for a base is written in its voice, or in the one that is not its own."""
    models = mapping(config, "models")
    voices = {
        name: mapping(model, "corpus").get("voice", mapping(config, "corpus").get("voice"))
        for name, model in models.items()
    }
    for path, grid in grids(config):
        chosen = [name for name in sequence(grid.get("variants")) if _is_in_a_voice(config, name)]
        for index, model in enumerate(sequence(grid.get("models"))):
            if chosen and isinstance(model, str) and voices.get(model, "") is None:
                where = (*path, "models", index)
                yield Finding(
                    where,
                    f"{spelled(where)} is {model}, for which the variant {chosen[0]} cannot be "
                    f"written: the model has no voice of its own; give it models.{model}.corpus "
                    "with a voice, or take another model.",
                )


# Facts.


def _unstated_facts(config: dict) -> Iterator[Finding]:
    """A corpus can state the facts of tasks that have some, no others."""
    for path, recipe in recipes(config, "corpus"):
        for index, name in enumerate(sequence(recipe.get("facts"))):
            kind = mapping(config, "tasks", str(name)).get("kind")
            if kind in task_kinds() and not hasattr(load_task(kind), "statements"):
                where = (*path, "facts", index)
                yield Finding(
                    where,
                    f"{spelled(where)} is {name}, a task of the kind {kind}, which has no facts to "
                    "state; name a task of the kind facts.",
                )


def _is_in_a_voice(config: dict, variant: object) -> bool:
    kind = mapping(config, "variants", str(variant)).get("kind", variant)
    if kind not in variant_kinds():
        return False
    loaded = load_variant(kind)
    return isinstance(loaded, BaseVariant) and loaded.in_a_voice
