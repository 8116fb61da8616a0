"""F2: responses in the base's own words teach more than equally long ones in other words."""

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.evidence import Evidence, by_task
from showhow.analysis.familiarity import (
    Cell,
    averaged,
    cells_with,
    contrast,
    gap,
    gap_of_each_base,
    models_of,
)
from showhow.analysis.judgement import Condition, above

OWN, OWN_WORDS = "familiar", "own_words_other_order"
OTHER, OTHER_WORDS = "unfamiliar", "other_words_own_order"
CROSSED = (OWN, OWN_WORDS, OTHER_WORDS, OTHER)
WORDS = {OWN: 0.5, OWN_WORDS: 0.5, OTHER_WORDS: -0.5, OTHER: -0.5}
ORDER = {OWN: 0.5, OTHER_WORDS: 0.5, OWN_WORDS: -0.5, OTHER: -0.5}
BOTH = {OWN: 1, OTHER: 1, OWN_WORDS: -1, OTHER_WORDS: -1}
MISSING = "No base has runs on familiar and on unfamiliar responses."


def ask_words(evidence: Evidence, margin: float) -> Asked:
    """The main effect of words where words and order are crossed, else the gap of the voices."""
    cells = cells_with(evidence, OWN, OTHER)
    if not cells:
        return nothing_to_compare(MISSING)
    crossed = by_task(cells_with(evidence, *CROSSED))
    confounded = [task for task in by_task(cells) if task not in crossed]
    conditions, beside = {}, {}
    for task, there in by_task(cells).items():
        if task in crossed:
            name = "own minus other words, averaged over order"
            condition = Condition(name, averaged(crossed[task], WORDS), above(margin))
            beside[task] = _beside_words(crossed[task]) + gap_of_each_base(there, OWN, OTHER)
        else:
            name = f"{contrast(OWN, OTHER)} (words and order together)"
            condition = Condition(name, gap(there, OWN, OTHER), above(margin))
            beside[task] = gap_of_each_base(there, OWN, OTHER)
        conditions[task] = [condition]
    return Asked(conditions, beside, note=_note(confounded), models=models_of(cells))


def _beside_words(cells: list[Cell]) -> list[Condition]:
    return [
        Condition("own minus other order, averaged over words", averaged(cells, ORDER), above(0.0)),
        Condition("words x order", averaged(cells, BOTH), above(0.0)),
        Condition("own minus other words, in own order", gap(cells, OWN, OTHER_WORDS), above(0.0)),
        Condition(
            "own minus other words, in other order", gap(cells, OWN_WORDS, OTHER), above(0.0)
        ),
    ]


def _note(confounded: list[str]) -> str:
    if not confounded:
        return ""
    return (
        f"In {', '.join(confounded)} words and order are confounded: the voices differ in both, "
        f"and without the arms {OWN_WORDS} and {OTHER_WORDS} the verdict is about the voice, "
        "not about its words."
    )


CLAIM = Claim(
    id="F2",
    statement="Familiar responses teach more than unfamiliar ones of equal content and length.",
    statistic="Accuracy on the split test at the largest training size that the arms share.",
    contrast=(
        "The base's own words minus other words, averaged over its own order and the other one "
        "(2 x 2); where a task lacks the two crossed arms, familiar minus unfamiliar, which is "
        "about words and order together. Averaged over bases within a task, then over tasks."
    ),
    criterion=(
        "Supported if the 95% interval lies above the margin, contradicted if below. The main "
        "effect of order stands beside it."
    ),
    unit="difference in accuracy",
    ask=ask_words,
)
