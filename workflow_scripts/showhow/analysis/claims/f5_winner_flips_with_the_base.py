"""F5: which voice teaches more flips when another voice is familiar to the base."""

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast
from showhow.analysis.evidence import Evidence, by_task
from showhow.analysis.familiarity import Cell, cells_with, gap, models_of
from showhow.analysis.judgement import Condition, above, below
from showhow.recipes.voices import VOICES, VoiceName

KINDS = ("familiar", "unfamiliar")
BY_BASE = "voice a minus voice b on bases of voice {}"
INTERACTION = "voice a minus voice b, bases of voice a minus bases of voice b"
MISSING = "Not both voices have a base with both arms."


def ask_flip(evidence: Evidence, margin: float) -> Asked:
    """The interaction, and each voice wins on the bases that it is familiar to."""
    tasks = {
        task: by_voice
        for task, there in by_task(cells_with(evidence, *KINDS)).items()
        if all((by_voice := _by_voice(evidence, there)).values())
    }
    if not tasks:
        return nothing_to_compare(MISSING)
    return Asked(
        {task: _conditions(by_voice, margin) for task, by_voice in tasks.items()},
        {task: _of_each_base(by_voice) for task, by_voice in tasks.items()},
        models=models_of([c for by_voice in tasks.values() for v in VOICES for c in by_voice[v]]),
    )


def _by_voice(evidence: Evidence, cells: list[Cell]) -> dict[VoiceName, list[Cell]]:
    voice_of = evidence.bases.voices
    return {
        voice: [cell for cell in cells if voice_of.get(cell.model) == voice] for voice in VOICES
    }


def _conditions(by_voice: dict[VoiceName, list[Cell]], margin: float) -> list[Condition]:
    on_a, on_b = (_a_minus_b(by_voice[voice], voice) for voice in VOICES)
    return [
        Condition(INTERACTION, on_a - on_b, above(2 * margin)),
        Condition(BY_BASE.format("a"), on_a, above(margin)),
        Condition(BY_BASE.format("b"), on_b, below(0.0 - margin)),
    ]


def _a_minus_b(cells: list[Cell], voice: VoiceName) -> Contrast:
    """Trained on voice a minus trained on voice b, on bases that have this voice."""
    own, other = KINDS
    return gap(cells, own, other) if voice == "a" else gap(cells, other, own)


def _of_each_base(by_voice: dict[VoiceName, list[Cell]]) -> list[Condition]:
    return [
        Condition(
            f"voice a minus voice b, {cell.model}, N {cell.n_train}",
            _a_minus_b([cell], voice),
            above(0.0),
        )
        for voice, cells in by_voice.items()
        for cell in cells
    ]


CLAIM = Claim(
    id="F5",
    statement="The winning voice flips when the base was pretrained on the other voice.",
    statistic="Accuracy on the split test at the largest training size that both arms have.",
    contrast=(
        "Trained on voice a minus trained on voice b: on bases of voice a, on bases of voice b, "
        "and the first minus the second (the swap rules out that one voice is simply easier); "
        "averaged over bases of a voice within a task, then over tasks."
    ),
    criterion=(
        "Supported if voice a wins by more than the margin on bases of voice a and voice b on "
        "bases of voice b, and the interaction lies above both margins together, all with their "
        "whole 95% intervals; contradicted if one is shown not to hold, as where one voice wins "
        "on both."
    ),
    unit="difference in accuracy; of differences for the interaction",
    ask=ask_flip,
)
