"""Learning rates and checkpoints that are to be chosen, and the problems on which they are."""

from collections.abc import Iterator

from showhow.study import grid
from showhow.study.checks import recipes
from showhow.study.complaints import Complaint, shown, spelled, wrong
from showhow.study.configuration import Configuration
from showhow.study.paths import VALIDATION
from showhow.tasks import load_task, task_kinds


def rates_without_a_choice(configuration: Configuration) -> Iterator[Complaint]:
    """Several rates need a choice, and a choice needs several rates."""
    for path, written, recipe in recipes(configuration, "training"):
        keys = written.model_fields_set & {"learning_rate", "choose"}
        if not keys:
            continue
        several = isinstance(recipe.learning_rate, tuple)
        where = (*path, "learning_rate" if "learning_rate" in keys else "choose")
        if several and recipe.choose is None:
            yield wrong(
                where,
                f"gives the rates {shown(recipe.learning_rate)}, but nothing says how one of them "
                f"is chosen; write choose: validation beside it in {spelled(path)}, or one number.",
                named=(*path, "learning_rate"),
            )
        elif recipe.choose == VALIDATION and not several:
            yield wrong(
                where,
                f"is {recipe.choose}, but the learning rate {recipe.learning_rate:g} leaves "
                "nothing to choose; write several rates in a list, or choose: {split: validation, "
                "every: epoch} for the best checkpoint, or "
                f"choose: null in {spelled(path)}.",
                named=(*path, "choose"),
            )


def rates_that_are_no_choice(configuration: Configuration) -> Iterator[Complaint]:
    """A list has two rates or more, each once."""
    for path, written, recipe in recipes(configuration, "training"):
        rates = recipe.learning_rate
        if "learning_rate" not in written.model_fields_set or not isinstance(rates, tuple):
            continue
        where = (*path, "learning_rate")
        if len(rates) < 2:
            yield wrong(
                where,
                f"is {shown(rates)}, a list to choose from; write two rates or more, or one "
                "number without brackets.",
            )
        for index, rate in enumerate(rates):
            if rate in rates[:index]:
                yield wrong((*where, index), f"is {shown(rate)} once more; write it once.")


def claimed_validation_splits(configuration: Configuration) -> Iterator[Complaint]:
    """What a rate or a checkpoint is chosen on is asked for nothing else."""
    validated = grid.validated_tasks(configuration)
    for name, described in configuration.tasks.items():
        if name not in validated or described.kind not in task_kinds():
            continue
        task = load_task(described.kind)
        settings = task.Settings.model_validate(described.settings)
        if VALIDATION in task.evaluation_splits(settings):
            yield wrong(
                ("tasks", name, "kind"),
                f"is {described.kind}, which has a split {VALIDATION} of its own that claims read, "
                "so that nothing can be chosen on it; give that split another name.",
            )


CHECKS = {
    rates_without_a_choice: "training",
    rates_that_are_no_choice: "training",
    claimed_validation_splits: "training",
}
