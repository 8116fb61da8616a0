"""Names in a configuration: they have to exist, once, and to give each run a folder of its own."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from showhow.analysis.claims import claim_ids
from showhow.corpus.exercises import SKILLS
from showhow.figures import figure_names
from showhow.responses import variant_kinds
from showhow.study.as_written import (
    Finding,
    grids,
    known_variants,
    mapping,
    recipes,
    sequence,
)
from showhow.study.complaints import instead, shown, spelled
from showhow.study.places import KeyPath
from showhow.tasks import task_kinds

LISTS_OF_A_GRID = ("tasks", "variants", "models", "n_train", "seeds")


def wrong_names(config: dict) -> Iterator[Finding]:
    """Find names that do not exist, that stand twice, and that share a folder with another."""
    yield from _unknown_names(config)
    yield from _unknown_kinds(config)
    yield from _doubles(config)
    yield from _twins(config)


def _unknown_names(config: dict) -> Iterator[Finding]:
    known = {
        "tasks": ("task", mapping(config, "tasks")),
        "variants": ("variant", known_variants(config)),
        "models": ("model", mapping(config, "models")),
    }
    for path, grid in grids(config):
        for key, (what, names) in known.items():
            yield from _unknown((*path, key), grid.get(key), names, what)
    for study, content in mapping(config, "studies").items():
        for key, what, names in (
            ("claims", "claim", claim_ids()),
            ("figures", "figure", figure_names()),
        ):
            yield from _unknown(("studies", study, key), mapping(content).get(key), names, what)
        yield from _nothing_to_retain(study, mapping(content))
        for key in ("accuracy", "retention"):
            asked = mapping(content, "probes", key)
            for task, variant in asked.items():
                path = ("studies", study, "probes", key, task)
                yield from _unknown_one(path, task, mapping(config, "tasks"), "task")
                if isinstance(variant, str):
                    yield from _unknown_one(path, variant, known_variants(config), "variant")
    for path, recipe in recipes(config, "training"):
        reference = recipe.get("reference_variant")
        if isinstance(reference, str):
            where = (*path, "reference_variant")
            yield from _unknown_one(where, reference, known_variants(config), "variant")
    for path, recipe in recipes(config, "corpus"):
        for key, what, names in (
            ("skills", "skill", SKILLS),
            ("solutions", "task", mapping(config, "tasks")),
            ("other_voice", "task", mapping(config, "tasks")),
        ):
            for name in mapping(recipe, key):
                yield from _unknown_one((*path, key, name), name, names, what)
        yield from _unknown((*path, "facts"), recipe.get("facts"), mapping(config, "tasks"), "task")


def _nothing_to_retain(study: str, content: dict) -> Iterator[Finding]:
    """A run is asked the tasks that it does not train on; there has to be one."""
    retained = mapping(content, "probes", "retention")
    for index, grid in enumerate(sequence(content.get("grids"))):
        for task in sequence(mapping(grid).get("tasks")):
            if list(retained) == [task]:
                path = ("studies", study, "probes", "retention")
                yield Finding(
                    path,
                    f"{spelled(path)} names only the task {shown(task)}, on which runs of "
                    f"grids.{index} are trained themselves; name another one as well.",
                )


def _unknown(path: KeyPath, names: Any, known: Iterable[str], what: str) -> Iterator[Finding]:
    for index, name in enumerate(sequence(names)):
        if isinstance(name, str):
            yield from _unknown_one((*path, index), name, known, what)


def _unknown_one(path: KeyPath, name: str, known: Iterable[str], what: str) -> Iterator[Finding]:
    if name not in known:
        remedy = instead(name, known, f"the {what}s are")
        yield Finding(
            path,
            f"{spelled(path)} names the {what} {shown(name)}, which does not exist; {remedy}",
        )


def _unknown_kinds(config: dict) -> Iterator[Finding]:
    for key, what, kinds in (
        ("tasks", "task", task_kinds()),
        ("variants", "variant", variant_kinds()),
    ):
        for name, described in mapping(config, key).items():
            kind = mapping(described).get("kind")
            path = (key, name, "kind")
            if isinstance(kind, str) and kind not in kinds:
                remedy = instead(kind, kinds, "the kinds are")
                yield Finding(
                    path,
                    f"{spelled(path)} is {shown(kind)}, a kind of {what} that does not exist; "
                    f"{remedy}",
                )
    for name, described in mapping(config, "variants").items():
        kind = mapping(described).get("kind")
        if name in variant_kinds() and kind != name:
            path = ("variants", name)
            yield Finding(
                path,
                f"{spelled(path)} has the name of the kind {name} but is of kind {shown(kind)}; "
                "give it a name of its own.",
            )


def _doubles(config: dict) -> Iterator[Finding]:
    for path, grid in grids(config):
        for key in LISTS_OF_A_GRID:
            yield from _doubles_in((*path, key), grid.get(key))
    for study, content in mapping(config, "studies").items():
        for key in ("claims", "figures"):
            yield from _doubles_in(("studies", study, key), mapping(content).get(key))
        seen: set[str] = set()
        for index, grid in enumerate(sequence(mapping(content).get("grids"))):
            name = mapping(grid).get("name")
            path = ("studies", study, "grids", index, "name")
            if not isinstance(name, str):
                continue
            if name in seen:
                yield Finding(
                    path,
                    f"{spelled(path)} is {shown(name)}, as in an earlier grid of the study; "
                    "give each grid a name of its own.",
                )
            seen.add(name)


def _doubles_in(path: KeyPath, values: Any) -> Iterator[Finding]:
    earlier: list = []
    for index, value in enumerate(sequence(values)):
        if value in earlier:
            where = (*path, index)
            yield Finding(where, f"{spelled(where)} is {shown(value)} once more; write it once.")
        earlier.append(value)


def _twins(config: dict) -> Iterator[Finding]:
    """Names become folders, and some file systems do not tell upper from lower case."""
    for key, others in (
        ("tasks", []),
        ("models", []),
        ("studies", []),
        ("variants", variant_kinds()),
    ):
        names = [name for name in mapping(config, key) if isinstance(name, str)]
        count = Counter(name.casefold() for name in {*names, *others})
        for name in names:
            if count[name.casefold()] > 1:
                path = (key, name)
                yield Finding(
                    path,
                    f"{spelled(path)} differs from another name only in upper and lower case, "
                    "so both would have one folder of results; rename one.",
                )
