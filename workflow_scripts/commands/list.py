"""List what a configuration can name: tasks, variants, claims and figures, your own among them."""

import inspect
import textwrap
from collections.abc import Mapping
from typing import Annotated

import typer

from showhow.analysis.claims import claim_ids, load_claim
from showhow.base.own_files import use_own_folder
from showhow.figures import figure_names, load_figure
from showhow.jobs.stage import in_a_sentence
from showhow.responses import load_variant, variant_kinds
from showhow.tasks import load_task, task_kinds

WIDTH = 100


def list_all(
    own: Annotated[
        str | None, typer.Option(help="The folder of your own files, as in the configuration.")
    ] = None,
) -> None:
    use_own_folder(own)
    print(listed("Tasks (tasks: {NAME: {kind: …}})", {k: described(k) for k in task_kinds()}))
    variants = {kind: load_variant(kind).description for kind in variant_kinds()}
    print(listed("Variants (in a grid, variants: […])", variants))
    print(listed("Claims (claims: […])", {c: load_claim(c).statement for c in claim_ids()}))
    figures = {name: load_figure(name).title for name in figure_names()}
    print(listed("Figures (figures: […])", figures), end="")


def described(task: str) -> str:
    """Give what a task's file says of it in its first sentence."""
    text = inspect.getdoc(inspect.getmodule(type(load_task(task)))) or ""
    return " ".join(text.split("\n\n")[0].split())


def listed(heading: str, sentences: Mapping[str, str]) -> str:
    """Write names and what each is, as an indented list."""
    widest = max(map(len, sentences), default=0)
    lines = [
        textwrap.fill(
            sentence,
            WIDTH,
            initial_indent=f"  {name:<{widest}}  ",
            subsequent_indent=" " * (widest + 4),
        )
        for name, sentence in sentences.items()
    ]
    return "\n".join([heading, *lines, ""])


if __name__ == "__main__":
    with in_a_sentence():
        typer.run(list_all)
