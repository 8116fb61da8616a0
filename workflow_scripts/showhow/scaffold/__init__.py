"""New tasks, variants, figures and claims: a file that works, with its test, to be changed."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from showhow.analysis.claims import claim_ids
from showhow.base.errors import ShowhowError
from showhow.base.own_files import own_folder
from showhow.base.rows import read_text, write_text
from showhow.figures import figure_names
from showhow.responses import variant_kinds
from showhow.tasks import task_kinds

Kind = Literal["task", "variant", "figure", "claim"]
# Where the user's files of a kind lie, and which there are.
KINDS: dict[Kind, tuple[str, Callable[[], list[str]]]] = {
    "task": ("tasks", task_kinds),
    "variant": ("responses", variant_kinds),
    "figure": ("figures", figure_names),
    "claim": ("claims", claim_ids),
}
NAME = r"[a-z][a-z0-9_]*"
NAME_OF_A_CLAIM = r"[a-z]+[0-9]+_[a-z0-9_]+"


def write_new(kind: Kind, name: str) -> list[Path]:
    """Write the file of a new task, variant, figure or claim and its test; give their paths.

    They lie in the user's own folder. Raises ShowhowError for a name that cannot be, or that
    there is already.
    """
    if re.fullmatch(NAME_OF_A_CLAIM if kind == "claim" else NAME, name) is None:
        form = "an id and what it says, such as o1_detail_helps" if kind == "claim" else "a_name"
        raise ShowhowError(
            f"{name!r} cannot be the name of a {kind}; write {form}: small letters, digits, _."
        )
    folder, names = KINDS[kind]
    if (claim_id_of(name) if kind == "claim" else name) in names():
        raise ShowhowError(f"There is a {kind} of that name already; give it another than {name}.")
    paths = [
        own_folder() / folder / f"{name}.py",
        own_folder() / "tests" / f"test_{name}.py",
    ]
    for path, template in zip(paths, (f"{kind}.py.txt", f"test_{kind}.py.txt"), strict=True):
        if path.exists():
            raise ShowhowError(f"There is a file {path} already; give the {kind} another name.")
        write_text(path, filled_in(template, name))
    return paths


def filled_in(template: str, name: str) -> str:
    """Give a template of this folder with the name, and a claim's id, in their places."""
    text = read_text(Path(__file__).parent / template).replace("NAME", name)
    return text.replace("ID", claim_id_of(name)) if template.endswith("claim.py.txt") else text


def claim_id_of(name: str) -> str:
    """Give the id of the claim in a file of this name."""
    return name.partition("_")[0].upper()
