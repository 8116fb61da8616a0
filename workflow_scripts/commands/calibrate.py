"""Say how often the claims' verdicts are false, and what they find: docs/calibration.md."""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from showhow.analysis.claims import claim_ids
from showhow.base.files import whole_file
from showhow.calibration.coverage import coverage_table, take_off_table
from showhow.calibration.scenario import LONGER, Tally, in_stages
from showhow.calibration.scenarios import scenarios_of
from showhow.calibration.simulation import Design
from showhow.calibration.table import BASES, SEEDS, designs, render


def calibrate(
    output: Annotated[Path, typer.Option(help="Where the page goes.")],
    studies: Annotated[int, typer.Option(help="Simulated studies a cell.", min=1)] = 150,
    claims: Annotated[list[str] | None, typer.Option(help="A claim's id; all by default.")] = None,
    seeds: Annotated[list[int] | None, typer.Option(help="Seeds of a study.", min=2)] = None,
    bases: Annotated[list[int] | None, typer.Option(help="Bases of a study.", min=1)] = None,
    cores: Annotated[int, typer.Option(help="Processes at a time.", min=1)] = 1,
) -> None:
    """Simulate studies of each claim's scenarios and write how often the verdicts are false."""
    asked = [
        (claim, place, design)
        for claim in claims or claim_ids()
        for place in range(len(scenarios_of(claim)))
        for design in designs(seeds or SEEDS, bases or BASES)
    ]
    with ProcessPoolExecutor(cores) as pool:
        counted = list(pool.map(partial(verdicts_of, studies=studies), asked))
    tallies = [
        Tally(scenarios_of(claim)[place], design, sum(verdicts.values()), verdicts)
        for (claim, place, design), verdicts in zip(asked, counted, strict=True)
    ]
    held, after_take_off = coverage_table(LONGER * studies), take_off_table(LONGER * studies)
    with whole_file(output) as path:
        path.write_text(render(tallies, studies, held, after_take_off))


def verdicts_of(asked: tuple[str, int, Design], studies: int) -> dict[str, int]:
    """Count the verdicts on a scenario, by its claim and place: a process can be told no truth."""
    claim, place, design = asked
    return in_stages(scenarios_of(claim)[place], design, studies).verdicts


if __name__ == "__main__":
    typer.run(calibrate)
