"""Look at what a study's models wrote: prompts, responses, predictions, and what was read of them.

python workflow_scripts/run.py look --study mine --variant human --rows 5

One run of each variant is shown, of the largest training size; the other options are Snakemake's.
"""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from commands.snakemake_plan import planned
from showhow.base.errors import ShowhowError
from showhow.report.examples import ROWS, Example, chosen, examples_by_kind
from showhow.report.material import ExampleRun
from showhow.study.complaints import instead
from showhow.study.inputs.tables import TableInputs
from showhow.study.paths import placed

LONGEST_TEXT = 400
COLOURS = {"unread": "yellow", "wrong": "red", "right": "green"}


def main(arguments: list[str]) -> int:
    parser = ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--study", default="", help="Its name; the first study without it.")
    parser.add_argument("--variant", default="", help="Its name; every variant without it.")
    parser.add_argument("--rows", type=int, default=ROWS, help="How many of each variant.")
    own, of_snakemake = parser.parse_known_args(arguments)
    with planned(of_snakemake) as workflow:
        tables: TableInputs = workflow.globals["tables"]
    try:
        shown = [*looked_at(tables, own.study, own.variant, own.rows)]
    except ShowhowError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    console = Console()
    for table in shown:
        console.print(table)
    return 0


def looked_at(tables: TableInputs, study: str, variant: str, rows: int) -> Iterator[Table]:
    """Make a table for each of the study's variants, or for the one that is named."""
    studies = list(tables.configuration.studies)
    study = study or studies[0]
    if study not in studies:
        raise ShowhowError(
            f"There is no study {study}; {instead(study, studies, 'the studies are')}"
        )
    runs = tables.example_runs(study)
    variants = list(dict.fromkeys(run.variant for run in runs))
    if variant and variant not in variants:
        remedy = instead(variant, variants, "its variants are")
        raise ShowhowError(f"The study {study} has no variant {variant}; {remedy}")
    for run in runs:
        if variant in ("", run.variant):
            yield table_of(run, rows)


def table_of(run: ExampleRun, rows: int) -> Table:
    items, predictions, responses = (
        Path(placed(str(file))) for file in (run.items, run.predictions, run.responses)
    )
    if not items.is_file():
        raise ShowhowError(
            f"{run.name} has not been scored yet; make it with: snakemake --cores 2 {run.items}"
        )
    by_kind = examples_by_kind(items, predictions, responses)
    counted = ", ".join(f"{len(examples)} {kind}" for kind, examples in by_kind.items())
    shown = chosen(*by_kind.values(), rows=rows)
    title = f"{run.variant}, {run.task}: {run.name} ({counted}; {len(shown)} of them here)"
    return drawn(title, shown)


def drawn(title: str, examples: Sequence[Example]) -> Table:
    columns = ("", "prompt", "response", "prediction", "read", "right answer")
    table = Table(*columns, title=title, title_justify="left", show_lines=True)
    for one in examples:
        read = "nothing" if one.predicted is None else one.predicted
        texts = (one.prompt, one.response, one.prediction + " (cut off)" * one.truncated)
        table.add_row(
            Text(one.kind, COLOURS[one.kind]),
            *(Text(_short(text)) for text in texts),
            Text(_short(read), COLOURS[one.kind]),
            Text(_short(one.answer)),
        )
    return table


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else f"{text[:LONGEST_TEXT]} …"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
