"""Perplexity of responses under a base model before fine-tuning: how familiar they are to it.

Measured as in the public code of Ren, Wu and Liu (2024): exp of the mean cross-entropy over a
response's tokens, given the prompt as the model is asked it (in its chat template where it has
one), and the mean of that over the examples.
"""

import math
from dataclasses import dataclass
from statistics import fmean, median

import torch
from torch.nn.functional import cross_entropy

from showhow.base.errors import ShowhowError
from showhow.jobs.finished_batches import FinishedBatches, in_batches_by_length
from showhow.models.loading import Base
from showhow.probes.target_logits import target_logits
from showhow.responses.response import Response
from showhow.training.examples import Example, tokenise

LOG_DECIMALS = 6


@dataclass(frozen=True)
class ResponsePerplexity:
    """How expected one response is.

    tokens: those of the response without its end token; `perplexity` is over these alone.
    log_probabilities: natural logarithms, one for each token that training has as a target, in
    order, the end token last; so there is one more than `tokens`.
    """

    id: str
    perplexity: float
    tokens: int
    log_probabilities: list[float]


@dataclass(frozen=True)
class PerplexitySummary:
    """The perplexities of one set of responses.

    capped_mean: the mean without the `above_cap` examples above `cap`, an option of the paper's
    authors; None when all are above.
    """

    n: int
    mean: float
    median: float
    capped_mean: float | None
    cap: float
    above_cap: int
    mean_tokens: float


@torch.inference_mode()
def measure_perplexity(
    base: Base,
    responses: list[Response],
    batch_size: int,
    finished: FinishedBatches[ResponsePerplexity] | None = None,
) -> list[ResponsePerplexity]:
    """Measure responses in length-sorted batches; the results come in the given order.

    Prompt and response are tokenised as in training. `finished` holds the batches that an
    interrupted measurement of the same arguments has done; they are not done again, and each
    further one is added to it. Raises ShowhowError for a response without a token.
    """
    base.model.eval()
    examples = tokenise(base, [(each.prompt, each.response) for each in responses])
    _refuse_empty(responses, examples)

    def measure(batch: list[int]) -> list[ResponsePerplexity]:
        measured = target_logits(base, [examples[index] for index in batch])
        return [
            _perplexity(responses[index].id, logits, targets)
            for index, (logits, targets) in zip(batch, measured, strict=True)
        ]

    lengths = [example.length for example in examples]
    return in_batches_by_length(
        measure, lengths, batch_size, finished, "measuring perplexity", "response"
    )


def summarise(measured: list[ResponsePerplexity], cap: float) -> PerplexitySummary:
    """Sum up the perplexities of one set of responses, which must not be empty."""
    values = [each.perplexity for each in measured]
    below = [value for value in values if value <= cap]
    return PerplexitySummary(
        n=len(values),
        mean=fmean(values),
        median=median(values),
        capped_mean=fmean(below) if below else None,
        cap=cap,
        above_cap=len(values) - len(below),
        mean_tokens=fmean(each.tokens for each in measured),
    )


def _refuse_empty(responses: list[Response], examples: list[Example]) -> None:
    empty = [
        response.id
        for response, example in zip(responses, examples, strict=True)
        if example.target_tokens < 2
    ]
    if empty:
        raise ShowhowError(
            f"{len(empty)} responses have no text, and so no perplexity; the first is {empty[0]}. "
            "Leave them out of the data, or measure another variant."
        )


def _perplexity(id: str, logits: torch.Tensor, targets: torch.Tensor) -> ResponsePerplexity:
    surprisals = cross_entropy(logits, targets, reduction="none").tolist()
    before_end = surprisals[:-1]
    return ResponsePerplexity(
        id=id,
        perplexity=math.exp(fmean(before_end)),
        tokens=len(before_end),
        log_probabilities=[round(-surprisal, LOG_DECIMALS) for surprisal in surprisals],
    )
