"""How far fine-tuning on facts moves a model from its base."""

import pandas as pd
from matplotlib.figure import Figure

from showhow.analysis.table_files import blocks
from showhow.figures.figure import ARM, FigureData
from showhow.figures.known_facts import draw_curve, is_of_known_facts, sizes_in
from showhow.figures.style import (
    empty_figure,
    in_paper_style,
    legend_above,
    legend_handles,
    panel_grid,
    training_size_axis,
)
from showhow.figures.summaries import Mean

name = "divergence_over_n"
title = "Divergence from the base"
CAPTION = (
    "KL divergence of the fine-tuned model from its base in nats per token, along the base's own "
    "answers to questions of another domain (the study's retained task), over the number of "
    "training facts and by their memory level. Ticks are single draws ({seeds}), markers their "
    "mean, bars their range. The bases are those of {models}."
)
by = ()


@in_paper_style
def draw(data: FigureData) -> Figure:
    if data.retention is None or not is_of_known_facts(data.retention).any():
        return empty_figure("what is kept of another task\n(probes: {retention: {task: variant}})")
    found = divergences(data.retention[is_of_known_facts(data.retention)])
    panels = sorted({key[:2] for key in found})
    variants = data.ordered({variant for _, _, variant in found})
    figure, grid = panel_grid([f"{task}, {model}" for task, model in panels], 3, 2.2, sharey=True)
    for panel, axes in zip(panels, grid, strict=True):
        for variant in variants:
            draw_curve(axes, found.get((*panel, variant), {}), variant, data)
        training_size_axis(axes, sizes_in(found))
        axes.set_ylim(0, None)
    legend_above(figure, legend_handles(variants, data.study_variants))
    figure.supylabel("KL to the base, nats per token", fontsize=7)
    figure.supxlabel("N", fontsize=7)
    return figure


def divergences(retention: pd.DataFrame) -> dict[tuple[str, str, str], dict[int, Mean]]:
    """The mean over tokens of each run, by (task, model, variant) and size; runs by examples."""
    table = retention[retention["match"] == "examples"]
    table = table.assign(total=table["kl"] * table["tokens"])
    runs = table.groupby([*ARM, "seed"])[["total", "tokens"]].sum().reset_index()
    runs = runs.assign(divergence=runs["total"] / runs["tokens"])
    found: dict[tuple[str, str, str], dict[int, Mean]] = {}
    for (task, model, variant, size, _), of_seeds in blocks(runs, ARM):
        seeds = tuple(of_seeds["divergence"].tolist())
        mean = Mean(sum(seeds) / len(seeds), min(seeds), max(seeds), seeds)
        found.setdefault((task, model, variant), {})[size] = mean
    return found
