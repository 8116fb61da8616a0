"""Accuracy after fine-tuning over the perplexity of the responses before it."""

from matplotlib.figure import Figure

from showhow.figures.arms import draw_arms_over
from showhow.figures.figure import FigureData
from showhow.figures.style import in_paper_style

name = "accuracy_over_perplexity"
title = "Accuracy over the perplexity of the responses"
CAPTION = (
    "Accuracy on the test split after fine-tuning over the mean perplexity of the training "
    "responses under the base before it (log scale); a panel per base, a point per way of writing "
    "({largest_n}). Ticks are single seeds ({seeds}), markers their mean, bars the {interval}; "
    "{problems}. Of the masked arm, the perplexity is that of the whole response. Dotted: the "
    "best shortcut."
)
by = ()


@in_paper_style
def draw(data: FigureData) -> Figure:
    return draw_arms_over(
        data, "mean", "mean perplexity of the training responses before fine-tuning", "log"
    )
