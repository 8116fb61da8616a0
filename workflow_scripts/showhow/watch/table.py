"""How a running study is shown in a terminal."""

import math

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from showhow.staleness.plan import in_words
from showhow.watch.states import SILENT_SECONDS, FailedRow, State, TrainingRow, View, sparkline

COLOURS: dict[State, str] = {
    "waiting": "dim",
    "running": "cyan",
    "done": "green",
    "failed": "bold red",
}
BAR_WIDTH = 12
CURVE_WIDTH = 16


def table_of(view: View, title: str, most_trainings: int | None = None) -> RenderableType:
    """Show a view under a title; of many trainings only the first `most_trainings`."""
    parts: list[RenderableType] = [_headline(view, title), "", _stages(view)]
    if view.trainings:
        parts += ["", *map(_training, view.trainings[:most_trainings])]
        hidden = len(view.trainings) - len(view.trainings[:most_trainings])
        if hidden:
            parts.append(Text(f"and {hidden} more", style="dim"))
    for row in view.failed:
        parts += ["", _failure(row)]
    return Group(*parts)


def _headline(view: View, title: str) -> Text:
    counts = view.counts
    line = Text.assemble((title, "bold"), f": {counts['done']} of {counts.total()} jobs are done")
    if counts["done"] == counts.total():
        return line + Text(".")
    return line + Text("." if view.alive else "; Snakemake is not running.")


def _stages(view: View) -> Table:
    table = Table("stage", box=None, pad_edge=False, header_style="bold")
    for state in COLOURS:
        table.add_column(state, justify="right", min_width=7)
    for stage, counts in view.stages.items():
        colours = [(counts[state], colour) for state, colour in COLOURS.items()]
        table.add_row(stage, *(Text(str(n), colour if n else "dim") for n, colour in colours))
    return table


def _training(row: TrainingRow) -> Text:
    """Two lines that are not wider than a small terminal: which, and how far."""
    progress = row.progress
    losses = [loss for _, loss in progress.loss_curve]
    bar = round(BAR_WIDTH * progress.step / progress.steps)
    curve = sparkline([math.log(max(loss, 1e-9)) for loss in losses], CURVE_WIDTH)
    speed = progress.tokens_per_second
    return Text.assemble(
        f"{row.stage} {row.name}\n  ",
        ("━" * bar, COLOURS["running"]),
        ("━" * (BAR_WIDTH - bar), "dim"),
        f" {progress.step:>6,}/{progress.steps:,}",
        f"  loss {losses[-1]:.3f} " if losses else "",
        (curve, COLOURS["running"]),
        f"  {speed:,.0f} tokens/s" if speed else "",
        "  ",
        _left(row),
    )


def _left(row: TrainingRow) -> Text:
    if row.state == "waiting":
        return Text("interrupted", "yellow")
    if row.silent > SILENT_SECONDS:
        return Text(f"silent for {in_words(row.silent)}", "yellow")
    left = row.progress.seconds_left
    return Text("" if left is None else f"{in_words(left)} left")


def _failure(row: FailedRow) -> Text:
    return Text.assemble(
        (f"{row.stage} {row.name} failed", COLOURS["failed"]),
        f": {row.sentence or 'its log says nothing'}\n  {row.log}",
    )
