"""C6: it is the steps' truth and order that teach, not their mere presence."""

from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.estimation import mean_of
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.familiarity import kind_of
from showhow.analysis.judgement import Condition, above

EXPLAINED = "medium"
CONTROLS = {
    "shuffled_steps": "the same steps, out of order",
    "wrong_steps": "steps with wrong results, carried on",
    "filler": "as many words without content",
    "answer_first": "the same steps, behind the answer",
}
NEEDED = ("shuffled_steps", "wrong_steps")
"""Without these, what the claim says of right steps in order was not asked."""
MISSING = f"No task has runs of {EXPLAINED} and of its controls {' and '.join(NEEDED)}."


def ask_controls(evidence: Evidence, margin: float) -> Asked:
    """The explanation against each of its controls, with as many steps and tokens."""
    tasks = sorted({task for task, _ in evidence.tasks_and_models("test")})
    asked = [task for task in tasks if all(_pairs(evidence, task, name) for name in NEEDED)]
    conditions = {task: _conditions(evidence, task, margin) for task in asked}
    if not conditions:
        return nothing_to_compare(MISSING)
    absent = [name for name in CONTROLS if not _pairs_anywhere(evidence, name)]
    note = f"Without runs of {', '.join(absent)}." if absent else ""
    models = frozenset(model for task in conditions for model in _models(evidence, task))
    return Asked(conditions, note=note, models=models)


def _conditions(evidence: Evidence, task: str, margin: float) -> list[Condition]:
    found = []
    for control, meaning in CONTROLS.items():
        pairs = _pairs(evidence, task, control)
        if pairs:
            differences = [evidence.accuracy(a) - evidence.accuracy(b) for a, b in pairs]
            name = f"{EXPLAINED} minus {control} ({meaning})"
            found.append(Condition(name, mean_of(differences), above(margin)))
    return found


def _pairs(evidence: Evidence, task: str, control: str) -> list[tuple[Arm, Arm]]:
    """Explanation and control of each model, at the largest size and match that both have."""
    pairs: dict[str, tuple[Arm, Arm]] = {}
    for arm in sorted(evidence.correct):
        kind = kind_of(evidence, arm.variant)
        explained = Arm(arm.task, EXPLAINED, arm.model, arm.n_train, arm.split, arm.match)
        if (arm.task, arm.split, kind) == (task, "test", control) and explained in evidence.correct:
            pairs[arm.model] = explained, arm
    return list(pairs.values())


def _pairs_anywhere(evidence: Evidence, control: str) -> bool:
    return any(_pairs(evidence, task, control) for task, _ in evidence.tasks_and_models("test"))


def _models(evidence: Evidence, task: str) -> set[str]:
    return {arm.model for control in CONTROLS for arm, _ in _pairs(evidence, task, control)}


CLAIM = Claim(
    id="C6",
    statement="What helps in an explanation is that its steps are right and in order.",
    statistic="Accuracy on the split test at the largest training size that both arms have.",
    contrast=(
        f"{EXPLAINED} minus each of its controls, of as many tokens and steps: the same steps out "
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
