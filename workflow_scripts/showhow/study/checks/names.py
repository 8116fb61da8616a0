"""Names in a configuration: they have to stand once, and to give each run a folder of its own.

That they exist is found with their types (`showhow.recipes.names`).
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from showhow.responses import load_variant, variant_kinds
from showhow.study.checks import grids
from showhow.study.complaints import Complaint, instead, shown, wrong
from showhow.study.configuration import Configuration
from showhow.study.grid import runs_of
from showhow.study.places import KeyPath

GIVEN = "given"
LEFT_OUT = "-"
LISTS_OF_A_GRID = ("tasks", "variants", "models", "n_train", "seeds")


def nothing_to_retain(configuration: Configuration) -> Iterator[Complaint]:
    """A run is asked the tasks that it does not train on; there has to be one."""
    for name, study in configuration.studies.items():
        retained = list(study.probes.retention)
        for index, grid in enumerate(study.grids):
            if len(retained) == 1 and retained[0] in grid.tasks:
                yield wrong(
                    ("studies", name, "probes", "retention"),
                    f"names only the task {shown(retained[0])}, on which runs of grids.{index} are "
                    "trained themselves; name another one as well.",
                )


def variants_with_the_name_of_another_kind(configuration: Configuration) -> Iterator[Complaint]:
    """The name of a kind is that kind with its defaults.

    Responses that came with the data have the names that their authors gave them, but for those of
    the controls, which figures know by name.
    """
    for name, described in configuration.variants.items():
        if name in variant_kinds() and described.kind != name:
            if described.kind == GIVEN and not load_variant(name).control:
                continue
            yield wrong(
                ("variants", name),
                f"has the name of the kind {name} but is of kind {shown(described.kind)}; give it "
                "a name of its own.",
            )


def doubles(configuration: Configuration) -> Iterator[Complaint]:
    """What stands twice in a list would be run, tested or drawn once."""
    for path, grid in grids(configuration):
        for key in LISTS_OF_A_GRID:
            yield from _doubles_in((*path, key), getattr(grid, key))
    for name, study in configuration.studies.items():
        yield from _doubles_in(("studies", name, "claims"), study.claims)
        yield from _doubles_in(("studies", name, "figures"), study.figures)
        yield from _doubles_in(("studies", name, "compare"), study.compare)


def _doubles_in(path: KeyPath, values: Sequence) -> Iterator[Complaint]:
    for index, value in enumerate(values):
        if value in values[:index]:
            yield wrong((*path, index), f"is {shown(value)} once more; write it once.")


def nothing_to_compare(configuration: Configuration) -> Iterator[Complaint]:
    """Variants that are compared are trained, on the same of something, with a seed in common."""
    known = {*variant_kinds(), *configuration.variants}
    for name, study in configuration.studies.items():
        if any(LEFT_OUT in grid.variants for grid in study.grids):
            continue  # a grid that is wrong in itself
        arms_of: dict[str, set[tuple]] = {}
        for run in runs_of(configuration, name):
            arm = (run.task, run.model, run.n_train, run.match, run.seed)
            arms_of.setdefault(run.variant, set()).add(arm)
        if not known.issuperset(arms_of):
            continue  # the misspelt name in a grid is told of, and may be the one that is compared
        for index, pair in enumerate(study.compare):
            path = ("studies", name, "compare", index)
            absent = [variant for variant in pair if variant not in arms_of]
            for variant in filter(known.__contains__, absent):
                remedy = instead(variant, arms_of, "the study's variants are")
                yield wrong(
                    path, f"names {variant}, which is in no grid of the study {name}; {remedy}"
                )
            if not absent and not set.intersection(*(arms_of[variant] for variant in pair)):
                yield wrong(
                    path,
                    f"compares {pair[0]} with {pair[1]}, but no two of their runs have the same "
                    "task, model, n_train, match and seed; name both variants in one grid.",
                )


def grids_of_one_name(configuration: Configuration) -> Iterator[Complaint]:
    """Messages name a grid by its study and its name."""
    for study, content in configuration.studies.items():
        names = [grid.name for grid in content.grids]
        for index, name in enumerate(names):
            if name in names[:index]:
                yield wrong(
                    ("studies", study, "grids", index, "name"),
                    f"is {shown(name)}, as in an earlier grid of the study; "
                    "give each grid a name of its own.",
                )


def twins(configuration: Configuration) -> Iterator[Complaint]:
    """Names become folders, and some file systems do not tell upper from lower case."""
    for key, others in (
        ("tasks", []),
        ("models", []),
        ("studies", []),
        ("variants", variant_kinds()),
    ):
        names = getattr(configuration, key)
        count = Counter(name.casefold() for name in {*names, *others})
        for name in names:
            if count[name.casefold()] > 1:
                yield wrong(
                    (key, name),
                    "differs from another name only in upper and lower case, "
                    "so both would have one folder of results; rename one.",
                )


CHECKS = dict.fromkeys(
    (
        nothing_to_retain,
        variants_with_the_name_of_another_kind,
        doubles,
        nothing_to_compare,
        grids_of_one_name,
        twins,
    )
)
