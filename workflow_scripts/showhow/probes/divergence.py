"""How far fine-tuning has moved a model from its base, in what it expects the base to say."""

import torch
from torch.nn.functional import kl_div, log_softmax

from showhow.jobs.finished_batches import in_batches_by_length
from showhow.models.loading import Base
from showhow.probes.retained_tasks import Divergence
from showhow.probes.target_logits import target_logits
from showhow.training.examples import tokenise


@torch.inference_mode()
def measure_divergence(
    base: Base, tuned: Base, texts: list[tuple[str, str]], batch_size: int
) -> list[Divergence]:
    """Compare the two models' next-token distributions along texts, given as (prompt, text).

    At every token of a text, and at its end, the whole distributions given what stands before are
    compared, in float64; the prompt's own tokens do not count. With the base's own answers as
    texts this is what a reader of the base would notice. The two have one tokenizer. Results come
    in the given order.
    """
    base.model.eval()
    tuned.model.eval()
    examples = tokenise(base, texts)

    def compare(indices: list[int]) -> list[Divergence]:
        batch = [examples[index] for index in indices]
        pairs = zip(target_logits(base, batch), target_logits(tuned, batch), strict=True)
        return [_divergence(before, after) for (before, _), (after, _) in pairs]

    lengths = [example.length for example in examples]
    return in_batches_by_length(compare, lengths, batch_size, None, "comparing", "answer")


def _divergence(before: torch.Tensor, after: torch.Tensor) -> Divergence:
    """before, after: logits of shape (tokens, vocabulary)."""
    expected, now = log_softmax(before, dim=-1), log_softmax(after, dim=-1)
    total = kl_div(now, expected, log_target=True, reduction="sum").item()
    return Divergence(max(0.0, total) / len(before), len(before))
