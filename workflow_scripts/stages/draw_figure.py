"""Draw one figure of a study, its views for the report, and its caption."""

from pydantic import Field

from showhow.base.rows import write_text
from showhow.figures import load_figure
from showhow.figures.figure import TABLES, caption_of, read_figure_data, views_of
from showhow.figures.style import is_empty, save_figure
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.recipes.voices import VoiceName


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
    faithfulness: Reads | None = None
    comparisons: Reads | None = None
    pdf: Writes
    png: Writes
    caption: Writes
    views: Writes = Field(description="The folder for the report's views.")
    figure: str = Field(description="The figure's name: a file in showhow/figures.")
    variants: list[str] = Field([], description="The study's variants, in the order it names them.")
    voices: dict[str, VoiceName] = Field(
        {}, description="The voice that is familiar to a base, by the model's name."
    )


def draw_figure(options: Options) -> None:
    """Draw one figure as PDF and PNG, and as one PNG per view that has something to show."""
    module = load_figure(options.figure)
    files = options.model_dump(include=set(TABLES), exclude_none=True)
    data = read_figure_data(files, options.voices, options.variants)
    drawn = module.draw(data)
    save_figure(drawn, options.pdf)
    save_figure(drawn, options.png)
    write_text(options.caption, f"{module.title}\n\n{caption_of(module, data)}\n")
    options.views.mkdir(parents=True, exist_ok=True)
    for stale in options.views.glob("*.png"):
        stale.unlink()
    for task, model in views_of(module, data):
        view = module.draw(data.view(task, model))
        if not is_empty(view):
            save_figure(view, options.views / f"{task}--{model or 'all'}.png", dpi=150)


if __name__ == "__main__":
    run_stage(draw_figure, Options)
