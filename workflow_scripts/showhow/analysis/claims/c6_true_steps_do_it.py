"""C6: it is the steps' truth and order that teach, not their mere presence."""

from dataclasses import dataclass
from itertools import product

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import Contrast, mean_of
from showhow.analysis.evidence import Arm, Evidence, by_task
from showhow.analysis.familiarity import SPLIT, arms_by_size, kind_of
from showhow.analysis.judgement import Condition, above
from showhow.analysis.levels import gain, not_asked

EXPLAINED = "medium"
CONTROLS = {
    "shuffled_steps": "the same steps, out of order",
    "wrong_steps": "steps with wrong results, carried on",
    "filler": "as many words without content",
    "answer_first": "the same steps, behind the answer",
}
NEEDED = ("shuffled_steps", "wrong_steps")
"""Without these, what the claim says of right steps in order was not asked."""
LACKING = f"runs of {EXPLAINED} and of its controls {' and '.join(NEEDED)}"
MISSING = f"No task has {LACKING}."


@dataclass(frozen=True)
class Pair:
    """An explanation and one of its controls, of one task and model."""

    task: str
    explained: Arm
    control: Arm
    kind: str

    @property
    def name(self) -> str:
        return f"{self.explained.variant} minus {self.control.variant} ({CONTROLS[self.kind]})"

    @property
    def place(self) -> str:
        arm = self.control
        return f"{self.task} with {arm.model} N {arm.n_train} ({arm.match})"


def ask_controls(evidence: Evidence, margin: float) -> Asked:
    """The explanation against each of its controls, with as many steps and tokens."""
    pairs = [p for place in evidence.tasks_and_models(SPLIT) for p in _pairs(evidence, *place)]
    asked = {
        task: there
        for task, there in by_task(pairs).items()
        if {pair.kind for pair in there} >= set(NEEDED)
    }
    if not asked:
        return nothing_to_compare(MISSING)
    conditions = {task: _conditions(evidence, there, margin) for task, there in asked.items()}
    compared = [pair for there in asked.values() for pair in there]
    absent = [kind for kind in CONTROLS if kind not in {pair.kind for pair in compared}]
    note = [
        f"Compared: {', '.join(sorted({pair.place for pair in compared}))}.",
        f"Without runs of {', '.join(absent)}." if absent else "",
        not_asked(evidence, conditions, LACKING),
    ]
    models = frozenset(pair.control.model for pair in compared)
    return Asked(conditions, note=" ".join(filter(None, note)), models=models)


def _conditions(evidence: Evidence, there: list[Pair], margin: float) -> list[Condition]:
    """One for each explanation and variant of a control, averaged over models."""
    differences: dict[str, list[Contrast]] = {}
    for pair in sorted(there, key=lambda pair: list(CONTROLS).index(pair.kind)):
        differences.setdefault(pair.name, []).append(gain(evidence, pair.explained, pair.control))
    return [
        Condition(name, mean_of(of_models), above(margin))
        for name, of_models in differences.items()
    ]


def _pairs(evidence: Evidence, task: str, model: str) -> list[Pair]:
    """Each explanation and control at the largest size that both have.

    Of that size's arms those of as many steps are compared, or else those of as many examples.
    """
    pairs: dict[tuple[str, str], Pair] = {}
    for _, arms in arms_by_size(evidence, task, model):
        for explained, control in product(arms, arms):
            kind = kind_of(evidence, control.variant)
            if kind_of(evidence, explained.variant) == EXPLAINED and kind in CONTROLS:
                names = explained.variant, control.variant
                pairs.setdefault(names, Pair(task, explained, control, kind))
    return list(pairs.values())


CLAIM = Claim(
    id="C6",
    statement="What helps in an explanation is that its steps are right and in order.",
    statistic=(
        "Accuracy on the split test at the largest training size that both arms have, with as many "
        "steps, or else as many examples."
    ),
    contrast=(
        f"{EXPLAINED} minus each variant of its controls, which say as much: the same steps out "
        "of order, steps with wrong results, words without content, the steps behind the answer; "
        "averaged over models within a task, then over tasks."
    ),
    criterion=(
        "Supported if every one of these differences lies above the margin with its whole 95% "
        "interval; contradicted if one lies below it."
    ),
    unit="difference in accuracy",
    ask=ask_controls,
)
