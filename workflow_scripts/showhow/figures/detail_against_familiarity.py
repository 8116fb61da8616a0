"""Detail against familiarity: accuracy over the length of the responses."""

from matplotlib.figure import Figure

from showhow.figures.arms import draw_arms_over
from showhow.figures.figure import FigureData
from showhow.figures.style import in_paper_style

name = "detail_against_familiarity"
title = "Detail against familiarity"
CAPTION = (
    "Accuracy on the test split after fine-tuning over the mean number of tokens of a training "
    "response ({largest_n}); a panel per base, a point per way of writing. Detail alone would "
    "order the points from left to right. Ticks are single seeds ({seeds}), markers their mean, "
    "bars the {interval}; {problems}. Dotted: the best shortcut."
)
by = ()


@in_paper_style
def draw(data: FigureData) -> Figure:
    return draw_arms_over(data, "mean_tokens", "mean tokens per training response", "linear")
