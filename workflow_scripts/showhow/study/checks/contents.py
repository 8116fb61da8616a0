"""Values in a configuration that have to fit together, or to fit what is on this machine."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from inspect import signature
from pathlib import Path
from typing import get_args

from showhow.base.errors import ShowhowError
from showhow.probes.faithfulness import explains
from showhow.recipes.base_models import LadderModel
from showhow.recipes.surroundings import Tracker
from showhow.responses.base_variant import BaseVariant
from showhow.study.checks import grids, loaded_variant, recipes
from showhow.study.complaints import Complaint, instead, shown, spelled, wrong
from showhow.study.configuration import ALL, Configuration
from showhow.study.grid import DEFAULT_TEST_SIZE, validated_tasks
from showhow.study.paths import VALIDATION
from showhow.study.places import KeyPath
from showhow.tasks import load_task, task_files, task_kinds
from showhow.tasks.task import RandomTask, Task


def missing_own_folder(configuration: Configuration) -> Iterator[Complaint]:
    """A folder that is named is there; the one by default need not be."""
    folder = configuration.own
    if "own" in configuration.model_fields_set and not Path(folder).is_dir():
        yield wrong(
            ("own",),
            f"is {shown(folder)}, but there is no such folder; write the path of the one with your "
            "tasks, responses, figures or claims in it.",
        )


def wrong_tasks(configuration: Configuration) -> Iterator[Complaint]:
    """The settings of a task fit together, and give as many problems as are asked for."""
    for name, described in configuration.tasks.items():
        if described.kind not in task_kinds():
            continue
        task = load_task(described.kind)
        if not _knows_draws(task):
            yield wrong(
                ("tasks", name, "kind"),
                f"is {described.kind}, whose generate in {task_files()[described.kind]} takes no "
                "`draw`: the seed that a training set is drawn for. Write def generate(self, "
                "settings, split, count, exclude, draw=0), and make other training problems for "
                "another draw.",
            )
            continue
        settings = task.Settings.model_validate(described.settings)
        try:
            task.check(settings)
        except ShowhowError as error:
            path = ("tasks", name, "settings")
            culprits = [key for key in described.settings if _mentions(error, key)]
            where = (*path, *culprits[:1])
            yield wrong(where, f"cannot be: {error}", named=path)
            continue
        path, sizes = ("tasks", name, "test_size"), described.test_size
        splits = task.evaluation_splits(settings)
        validation = (VALIDATION,) if name in validated_tasks(configuration) else ()
        for split in sizes:
            if split not in (*splits, VALIDATION):
                remedy = instead(split, splits, "its splits are")
                yield wrong((*path, split), f"sizes a split that the task does not have; {remedy}")
        if isinstance(task, RandomTask):
            room = {split: task.capacity(settings, split, set()) for split in splits}
            yield from _too_large_splits(path, sizes, room)
            problems = task.capacity(settings, "train", set())
            apart = sum(sizes.get(split, DEFAULT_TEST_SIZE) for split in ("test", *validation))
            if problems is not None and apart <= problems:
                yield from _too_large_training_sets(configuration, name, problems - apart)


def _knows_draws(task: Task) -> bool:
    """Say whether a task can be asked for each seed's own training problems."""
    parameters = signature(task.generate).parameters.values()
    return any(each.name == "draw" or each.kind is each.VAR_KEYWORD for each in parameters)


def _mentions(error: ShowhowError, key: str) -> bool:
    return re.search(rf"\b{re.escape(str(key))}\b", str(error)) is not None


def _too_large_splits(
    path: KeyPath, sizes: dict[str, int], room: dict[str, int | None]
) -> Iterator[Complaint]:
    for split, there in room.items():
        size = sizes.get(split, DEFAULT_TEST_SIZE)
        if there is not None and size > there:
            yield wrong(
                (*path, split),
                f"is {size}, but with these settings the split has only {there} problems; write at "
                f"most {there}, or widen the settings.",
            )


def _too_large_training_sets(
    configuration: Configuration, name: str, left: int
) -> Iterator[Complaint]:
    """No training problem may be a test problem, so the test set takes its share first.

    So does the set on which a learning rate is chosen.
    """
    for path, grid in grids(configuration):
        for index, size in enumerate(grid.n_train if name in grid.tasks else ()):
            if size != ALL and int(size) > left:
                yield wrong(
                    (*path, "n_train", index),
                    f"is {size}, but with its settings the task {name} has only {left} problems "
                    f"beside its test set; write at most {left}, or widen tasks.{name}.settings.",
                )


def too_many_wordings(configuration: Configuration) -> Iterator[Complaint]:
    """A variant is written in as many wordings as the tasks have that it is written for."""
    for name, described in configuration.variants.items():
        variant = loaded_variant(configuration, name)
        settings = variant.Settings(**described.settings) if variant else None
        wordings: int = getattr(settings, "wordings", 1)
        for kind in _kinds_explained(configuration, name) if wordings > 1 else ():
            there = load_task(kind).wordings
            if there < wordings:
                least = f"has only {there}" if there > 1 else "has no second one"
                yield wrong(
                    ("variants", name, "settings", "wordings"),
                    f"is {wordings}, but the task {kind} {least}; write at most {there}, or take "
                    "the task out of the grids of this variant.",
                )
                break


def _kinds_explained(configuration: Configuration, variant: str) -> list[str]:
    """List the kinds of the tasks that a variant is written for."""
    names = {
        task for _, grid in grids(configuration) if variant in grid.variants for task in grid.tasks
    }
    kinds = {configuration.tasks[name].kind for name in names if name in configuration.tasks}
    return sorted(kinds & {*task_kinds()})


# Models and recipes.


def uneven_heads(configuration: Configuration) -> Iterator[Complaint]:
    """Heads share the width of a model evenly."""
    for name, model in configuration.models.items():
        if not isinstance(model, LadderModel):
            continue
        # A decoder rotates pairs of a head's dimensions to tell positions apart.
        unit = 2 * model.heads if model.family == "decoder" else model.heads
        if model.hidden % unit:
            where = ("models", name, "hidden")
            nearest = max(unit, round(model.hidden / unit) * unit)
            yield wrong(
                where,
                f"is {model.hidden}, which {model.heads} heads cannot share evenly; write a "
                f"multiple of {unit}, such as {nearest}.",
            )


def needless_bases(configuration: Configuration) -> Iterator[Complaint]:
    """Random weights are drawn anew by every seed as it is."""
    for name, model in configuration.models.items():
        if isinstance(model, LadderModel) and model.start == "random" and model.bases != 1:
            yield wrong(
                ("models", name, "bases"),
                f"is {model.bases}, but models.{name} starts from random weights, which every seed "
                "draws anew; leave the key out.",
            )


def memory_of_several_bases(configuration: Configuration) -> Iterator[Complaint]:
    """Levels of memory are those of one base, in tables, claims and training sets."""
    for path, grid in grids(configuration):
        measured = configuration.studies[str(path[1])].probes.memory
        picking = [name for name in grid.variants if _picks_by_memory(configuration, name)]
        reason = (
            f"the variant {picking[0]} picks training problems by how well one base knows them"
            if picking
            else "probes.memory measures how well one base knows facts"
        )
        for index, model in enumerate(grid.models if picking or measured else ()):
            if model in configuration.models and configuration.instances_of(model) != 1:
                yield wrong(
                    (*path, "models", index),
                    f"is {model}, of which several bases are made, but {reason}; take a model with "
                    "bases: 1, or describe each base as a model with its own pretraining.seed.",
                )


def _picks_by_memory(configuration: Configuration, variant: str) -> bool:
    loaded = loaded_variant(configuration, variant)
    return isinstance(loaded, BaseVariant) and loaded.reads == "memory"


def undivided_batches(configuration: Configuration) -> Iterator[Complaint]:
    """Micro-batches share a batch evenly."""
    for path, written, recipe in recipes(configuration, "training"):
        keys, batch, micro = written.model_fields_set, recipe.batch_size, recipe.micro_batch_size
        own = "micro_batch_size" if "micro_batch_size" in keys else "batch_size"
        if own in keys and micro is not None and batch % micro:
            yield wrong(
                (*path, own),
                f"is {micro}, which does not divide the batch size {batch}; write a divisor of "
                f"{batch}, or null.",
                named=(*path, "micro_batch_size"),
            )


def wrong_adapters(configuration: Configuration) -> Iterator[Complaint]:
    """Find models whose recipe has an adapter beside what no adapter goes with."""
    for name, model in configuration.models.items():
        recipe = configuration.training_of(name)
        if recipe.adapter is None:
            continue
        own = model.training is not None and "adapter" in model.training.model_fields_set
        where = (*(("models", name) if own else ()), "training", "adapter")
        if isinstance(model, LadderModel) and model.start == "random":
            yield wrong(
                where,
                f"adds an adapter, but models.{name} starts from random weights, which an adapter "
                "would leave as they are; write adapter: null for that model.",
            )
        if recipe.optimizer == "muon":
            yield wrong(
                where,
                "adds an adapter, but the optimizer is muon, which makes the update of a whole "
                "matrix orthogonal and not that of its two factors; write optimizer: adamw, with "
                "a learning rate for it.",
            )


# Trackers.

PACKAGES = {tracker: tracker for tracker in get_args(Tracker)} | {"flyte": "flytekit"}


def missing_trackers(configuration: Configuration) -> Iterator[Complaint]:
    """The package of a tracker has to be there, or every training would end in an error."""
    tracking = configuration.tracking
    if tracking.tensorboard and find_spec("tensorboard") is None:
        yield _missing_tracker(("tracking", "tensorboard"), "tensorboard", "write false")
    for index, tracker in enumerate(tracking.also):
        if find_spec(PACKAGES[tracker]) is None:
            where = ("tracking", "also", index)
            yield _missing_tracker(where, PACKAGES[tracker], "leave it out")


def _missing_tracker(where: KeyPath, package: str, otherwise: str) -> Complaint:
    return wrong(
        where,
        f"needs the package {package}, which is not installed here; install it "
        f"with: python -m pip install {package}, or {otherwise}.",
    )


# Voices.


def voiceless_corpora(configuration: Configuration) -> Iterator[Complaint]:
    """Worked solutions are said in a voice."""
    for path, written, recipe in recipes(configuration, "corpus"):
        for key in ("solutions", "other_voice"):
            if getattr(recipe, key) and recipe.voice is None and key in written.model_fields_set:
                yield wrong(
                    (*path, key),
                    f"asks for worked solutions, but {spelled(path)} names no voice to say them "
                    "in; write voice: a, or voice: b.",
                )


def voiceless_bases(configuration: Configuration) -> Iterator[Complaint]:
    """What is written for a base is written in its voice, or in the one that is not its own."""
    voiceless = [name for name in configuration.models if configuration.voice_of(name) is None]
    for path, grid in grids(configuration):
        chosen = [name for name in grid.variants if _is_in_a_voice(configuration, name)]
        for index, model in enumerate(grid.models):
            if chosen and model in voiceless:
                yield wrong(
                    (*path, "models", index),
                    f"is {model}, for which the variant {chosen[0]} cannot be written: the model "
                    f"has no voice of its own; give it models.{model}.corpus with a voice, or take "
                    "another model.",
                )


def _is_in_a_voice(configuration: Configuration, variant: str) -> bool:
    loaded = loaded_variant(configuration, variant)
    return isinstance(loaded, BaseVariant) and loaded.in_a_voice


def unstated_facts(configuration: Configuration) -> Iterator[Complaint]:
    """A corpus can state the facts of tasks that have some, no others."""
    for path, written, _ in recipes(configuration, "corpus"):
        for index, name in enumerate(written.facts):
            kind = configuration.tasks[name].kind if name in configuration.tasks else None
            if kind in task_kinds() and not hasattr(load_task(kind), "statements"):
                yield wrong(
                    (*path, "facts", index),
                    f"is {name}, a task of the kind {kind}, which has no facts to state; name a "
                    "task of the kind facts.",
                )


def nothing_to_change(configuration: Configuration) -> Iterator[Complaint]:
    """A step can be changed where runs explain, and what follows from it is known."""
    for name, study in configuration.studies.items():
        explained = any(
            _explains(configuration, task, variant)
            for grid in study.grids
            for task in grid.tasks
            for variant in grid.variants
        )
        if study.probes.faithfulness and not explained:
            yield wrong(
                ("studies", name, "probes", "faithfulness"),
                "changes a step of explanations, but no run of the study explains a task whose "
                "steps build on one another; add a variant such as medium to a grid of one, or "
                "write 0.",
            )


def _explains(configuration: Configuration, task: str, variant: str) -> bool:
    kind = configuration.tasks[task].kind if task in configuration.tasks else None
    loaded = loaded_variant(configuration, variant)
    if kind is None or kind not in task_kinds() or loaded is None:
        return False
    return load_task(kind).carries_on and explains(loaded)


CHECKS = {
    missing_own_folder: None,
    wrong_tasks: None,
    too_many_wordings: None,
    uneven_heads: None,
    needless_bases: None,
    memory_of_several_bases: None,
    undivided_batches: "training",
    wrong_adapters: "training",
    missing_trackers: None,
    voiceless_corpora: "corpus",
    voiceless_bases: "corpus",
    unstated_facts: None,
    nothing_to_change: None,
}
