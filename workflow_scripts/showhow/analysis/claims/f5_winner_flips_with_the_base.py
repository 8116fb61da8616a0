"""F5: which voice teaches more flips when another voice is familiar to the base."""

from showhow.analysis.claims.claim import (
    CONTRADICTED,
    INCONCLUSIVE,
    SUPPORTED,
    Claim,
    Finding,
    nothing_to_compare,
)
from showhow.analysis.contrasts import TaskRow, adjusted, task_row
from showhow.analysis.evidence import Evidence
from showhow.analysis.familiarity import Cell, cells_with
from showhow.analysis.statistics import Sampled, mean_of
from showhow.recipes.voices import VOICES

BY_BASE = "voice a minus voice b on bases of voice {}"
INTERACTION = "voice a minus voice b, bases of voice a minus bases of voice b"


def decide_flip(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """The interaction is the estimate; the signs on both kinds of bases decide."""
    cells = cells_with(evidence, "familiar", "unfamiliar")
    by_voice = {
        voice: [_a_minus_b(cell, voice) for cell in cells if _voice(evidence, cell) == voice]
        for voice in VOICES
    }
    if not all(by_voice.values()):
        return nothing_to_compare("Not both voices have a base with both arms."), []
    on_a, on_b = (mean_of(by_voice[voice]) for voice in VOICES)
    interaction = Sampled(on_a.observed - on_b.observed, on_a.draws - on_b.draws, 0)
    runs = on_a.runs + on_b.runs
    rows = adjusted(
        [
            task_row("F5", "all", cell.model, BY_BASE.format(voice), estimate, cell_runs)
            for cell, voice, estimate, cell_runs in _by_base(evidence, cells)
        ]
    )
    whole = task_row("F5", "all", "all", INTERACTION, interaction.summary(), runs)
    verdict = _verdict(on_a, on_b)
    return Finding(interaction.summary(), runs, verdict, _note(on_a, on_b)), [*rows, whole]


def _voice(evidence: Evidence, cell: Cell) -> str | None:
    return evidence.bases.voices.get(cell.model)


def _a_minus_b(cell: Cell, voice: str) -> Sampled:
    kinds = ("familiar", "unfamiliar") if voice == "a" else ("unfamiliar", "familiar")
    return cell.gap(*kinds)


def _by_base(evidence: Evidence, cells: list[Cell]):
    for cell in cells:
        voice = _voice(evidence, cell)
        if voice is not None:
            gap = _a_minus_b(cell, voice)
            yield cell, voice, gap.summary(), gap.runs


def _verdict(on_a: Sampled, on_b: Sampled) -> str:
    first, second = on_a.summary(), on_b.summary()
    if first.low > 0 > second.high:
        return SUPPORTED
    one_wins_both = min(first.low, second.low) > 0 or max(first.high, second.high) < 0
    backwards = first.high < 0 < second.low
    return CONTRADICTED if one_wins_both or backwards else INCONCLUSIVE


def _note(on_a: Sampled, on_b: Sampled) -> str:
    told = []
    for voice, gap in (("a", on_a), ("b", on_b)):
        estimate = gap.summary()
        told.append(
            f"{estimate.value:+.3f} [{estimate.low:+.3f}, {estimate.high:+.3f}] on bases of "
            f"voice {voice}"
        )
    return f"Voice a minus voice b: {' and '.join(told)}."


CLAIM = Claim(
    id="F5",
    statement="The winning voice flips when the base was pretrained on the other voice.",
    statistic="Accuracy on the split test at the largest training size that both arms have.",
    contrast=(
        "Trained on voice a minus trained on voice b; on bases of voice a minus on bases of "
        "voice b (the swap rules out that one voice is simply easier)."
    ),
    criterion=(
        "Supported if voice a wins on bases of voice a and voice b on bases of voice b, both 95% "
        "intervals (bootstrap over seeds, then problems) on their side of zero; contradicted if "
        "one voice wins on both, or each on the other's base."
    ),
    unit="difference of differences in accuracy",
    test=decide_flip,
    every_arm=True,
)
