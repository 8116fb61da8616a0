"""Begin a task, variant, figure or claim of your own: a file that works, and its test."""

from typing import Annotated

import typer

from showhow.base.own_files import own_folder, use_own_folder
from showhow.jobs.stage import in_a_sentence
from showhow.scaffold import Kind, claim_id_of, write_new

HOW = {
    "task": "Name it in the configuration: tasks: {NAME: {kind: NAME}}, and in a grid.",
    "variant": "Name it in a grid: variants: [none, NAME].",
    "figure": "Name it in a study: figures: [NAME].",
    "claim": "Name it in a study: claims: [ID].",
}


def new(
    kind: Annotated[Kind, typer.Argument(help="What is to be begun.")],
    name: Annotated[str, typer.Argument(help="Its name: small letters, digits and _.")],
    own: Annotated[
        str | None, typer.Option(help="The folder of your own files, as in the configuration.")
    ] = None,
) -> None:
    use_own_folder(own)
    made, test = write_new(kind, name)
    how = HOW[kind].replace("NAME", name).replace("ID", claim_id_of(name))
    print(f"Change {made} and its test {test}. {how}")
    print(f"Test it with: python -m pytest {own_folder()}/tests; plan it with: snakemake -n")


if __name__ == "__main__":
    with in_a_sentence():
        typer.run(new)
