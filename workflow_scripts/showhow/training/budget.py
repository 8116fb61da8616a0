"""How long a run trains: matched on examples, on target tokens, or on optimiser steps."""

from collections.abc import Sequence
from itertools import count, takewhile
from math import ceil
from statistics import fmean

from showhow.recipes.training import Every, Match, TrainingRecipe


def optimiser_steps(
    recipe: TrainingRecipe,
    match: Match,
    target_tokens: Sequence[float],
    reference_target_tokens: Sequence[float],
) -> int:
    """Say how many optimiser steps a run takes.

    `target_tokens` are the response tokens of each training example, `reference_target_tokens`
    those of the same examples in the reference variant. Matched on examples, every arm passes
    over its examples `epochs` times, and goes on to `min_steps` if that is sooner done; matched on
    target tokens it trains until it has seen as many as the reference arm would; matched on steps
    it takes `steps` whatever its size.
    """
    if match == "steps":
        return recipe.steps
    examples = len(target_tokens)
    batch = min(recipe.batch_size, examples)
    steps = max(recipe.epochs * examples / batch, recipe.min_steps)
    if match == "target_tokens":
        steps *= fmean(reference_target_tokens) / fmean(target_tokens)
    return max(1, round(steps))


def asked_after(every: Every, steps: int, examples: int, batch_size: int) -> list[int]:
    """List the steps after which a run is asked: every so many, or each pass; and the last one."""
    each = examples / min(batch_size, examples) if every == "epoch" else every
    in_time = takewhile(lambda step: step < steps, (ceil(n * each) for n in count(1)))
    return [*dict.fromkeys(in_time), steps]
