"""Draw one figure of a study, its views for the report, and its caption."""

from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.recipes.voices import VoiceName
from pydantic import Field
from pathlib import Path
from typing import Annotated

import typer

from showhow.analysis.options import read_pairs
from showhow.base.rows import write_text
from showhow.figures import load_figure
from showhow.figures.figure import caption_of, read_figure_data, views_of
from showhow.figures.style import is_empty, save_figure
from showhow.jobs.stage import run_stage

Table = Annotated[Path, typer.Option(help="A table of the study.", exists=True, dir_okay=False)]
MeasuredTable = Annotated[
    Path | None, typer.Option(help="A table of the study, where it measures that.")
]
Output = Annotated[Path, typer.Option(help="A file to write.")]


class Options(StageOptions):
    """What this stage is told: the tables of the study, some of them only where it has them."""

    runs: Reads
    items: Reads
    groups: Reads
    claims: Reads
    by_task: Reads
    perplexity: Reads | None = None
    retention: Reads | None = None
    memory: Reads | None = None
    pdf: Writes
    png: Writes
    caption: Writes
    views: Writes = Field(description="The folder for the report's views.")
    figure: str = Field(description="The figure's name: a file in showhow/figures.")
    voices: dict[str, VoiceName] = Field(
        {}, description="The voice that is familiar to a base, by the model's name."
    )


def draw_figure(
    figure: Annotated[str, typer.Option(help="The figure's name: a file in showhow/figures.")],
    runs: Table,
    items: Table,
    groups: Table,
    claims: Table,
    by_task: Table,
    pdf: Output,
    png: Output,
    caption: Output,
    views: Annotated[Path, typer.Option(help="The folder for the report's views.")],
    perplexity: MeasuredTable = None,
    retention: MeasuredTable = None,
    memory: MeasuredTable = None,
    voice: Annotated[
        list[str] | None, typer.Option(help="MODEL=VOICE of a base to which a voice is familiar.")
    ] = None,
) -> None:
    """Draw one figure as PDF and PNG, and as one PNG per view that has something to show."""
    module = load_figure(figure)
    voices = read_pairs(voice or [])
    data = read_figure_data(
        *(runs, items, groups, claims, by_task, perplexity, retention, voices, memory)
    )
    drawn = module.draw(data)
    save_figure(drawn, pdf)
    save_figure(drawn, png)
    write_text(caption, f"{module.title}\n\n{caption_of(module, data)}\n")
    views.mkdir(parents=True, exist_ok=True)
    for stale in views.glob("*.png"):
        stale.unlink()
    for task, model in views_of(module, data):
        view = module.draw(data.view(task, model))
        if not is_empty(view):
            save_figure(view, views / f"{task}--{model or 'all'}.png", dpi=150)


if __name__ == "__main__":
    run_stage(draw_figure)
