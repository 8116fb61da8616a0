"""The swap: each voice taught to the base that knows it and to the one that does not."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from showhow.figures.arms import arm_means
from showhow.figures.figure import FigureData
from showhow.figures.style import (
    BLUE,
    VERMILLION,
    accuracy_axis,
    empty_figure,
    in_paper_style,
    panel_grid,
)
from showhow.figures.summaries import Mean
from showhow.recipes.voices import VOICES, VoiceName, other

name = "swap"
title = "The swap: which voice wins on which base"
CAPTION = (
    "Accuracy on the test split after fine-tuning on responses in voice a and in voice b "
    "({largest_n}), on bases to which one of them is familiar; lines that cross mean that no voice "
    "is simply easier. Ticks are single seeds ({seeds}), markers their mean, bars the {bootstrap}; "
    "{problems}."
)
by = ()
LOOKS = {"a": (BLUE, "o", -0.03), "b": (VERMILLION, "s", 0.03)}


@in_paper_style
def draw(data: FigureData) -> Figure:
    by_task = taught(data)
    if not by_task:
        return empty_figure("familiar and unfamiliar responses\non a base of each voice")
    figure, grid = panel_grid(list(by_task), columns=3, heights=2.0, sharey=True)
    for means, axes in zip(by_task.values(), grid, strict=True):
        for voice in VOICES:
            draw_voice(axes, voice, [means[base, voice] for base in VOICES])
        axes.set_xticks(range(len(VOICES)), [f"voice {base}\nfamiliar" for base in VOICES])
        axes.set_xlim(-0.4, 1.75)
        accuracy_axis(axes.yaxis)
    figure.supylabel("accuracy after fine-tuning", fontsize=7)
    figure.supxlabel("base", fontsize=7)
    return figure


def taught(data: FigureData) -> dict[str, dict[tuple[VoiceName, VoiceName], Mean]]:
    """By task: the accuracy for each (base's voice, voice taught), where all four are there."""
    found: dict[str, dict] = {}
    for (task, model), arms in arm_means(data).items():
        own = data.voices.get(model)
        if own is not None and {"familiar", "unfamiliar"} <= set(arms):
            cells = found.setdefault(task, {})
            cells[own, own], cells[own, other(own)] = arms["familiar"], arms["unfamiliar"]
    return {task: cells for task, cells in found.items() if len(cells) == len(VOICES) ** 2}


def draw_voice(axes: Axes, voice: VoiceName, means: list[Mean]) -> None:
    """One voice as taught to the bases of each voice, in their order."""
    colour, marker, shift = LOOKS[voice]
    at = [place + shift for place in range(len(means))]
    for place, mean in zip(at, means, strict=True):
        axes.plot([place, place], [mean.low, mean.high], color=colour, linewidth=0.8)
        axes.plot([place] * len(mean.seeds), mean.seeds, "_", color=colour, markersize=4)
    axes.plot(at, [mean.value for mean in means], color=colour, marker=marker)
    axes.annotate(f"taught voice {voice}", (at[-1] + 0.08, means[-1].value), color=colour)
