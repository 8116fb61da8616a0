"""C3: with explanations a model solves what it cannot solve without."""

from showhow.analysis.claims.c2_detail_helps_small_models_more import best_shortcut
from showhow.analysis.claims.claim import Asked, Claim, nothing_to_compare
from showhow.analysis.evidence import Arm, Evidence
from showhow.analysis.judgement import Condition, above, below, in_every_task
from showhow.analysis.levels import Place, by_task, paired_none, places, steps_of

MISSING = "No task and model has runs with and without explanations on the split test."


def ask_opened(evidence: Evidence, margin: float) -> Asked:
    """Every model and level is an alternative: one that opens the task is enough."""
    found = [place for place in places(evidence) if place.levels]
    if not found:
        return nothing_to_compare(MISSING)
    trained = [place for place in found if _longest(evidence, place) is not None]
    if not trained:
        missing = "`none` was trained for one length only: give it more steps, with `match`."
        return nothing_to_compare(missing)
    conditions = {
        task: [
            condition
            for place in there
            for level in place.levels
            for condition in _opens(evidence, place, level, margin)
        ]
        for task, there in by_task(trained).items()
    }
    marks = ", ".join(f"{task} {best_shortcut(evidence, task):.3f}" for task in conditions)
    note = f"The best flat shortcuts' accuracies: {marks}."
    return Asked(conditions, note=note, models=frozenset(place.model for place in trained))


def _longest(evidence: Evidence, place: Place) -> Arm | None:
    """The arm without explanations that took the most steps, where that is more than the plain."""
    plain = paired_none(place)
    longer = [a for a in place.none.values() if steps_of(evidence, a) > steps_of(evidence, plain)]
    return max(longer, key=lambda arm: steps_of(evidence, arm)) if longer else None


def _opens(evidence: Evidence, place: Place, level: str, margin: float) -> list[Condition]:
    """With the level the task is solved; without it is not, and more training does not help."""
    mark = best_shortcut(evidence, place.task) + margin
    plain, longest = paired_none(place), _longest(evidence, place)
    assert longest is not None
    name = f"{place.model}, {level}"
    explained = evidence.accuracy(place.levels[level])
    without, trained_longer = evidence.accuracy(plain), evidence.accuracy(longest)
    asked = (
        ("with explanations", explained, above(mark)),
        ("without", without, below(mark)),
        ("without, trained longest", trained_longer, below(mark)),
        ("what the longest training adds without", trained_longer - without, below(margin)),
    )
    return [Condition(f"{name}: {what}", *rest, alternative=name) for what, *rest in asked]


CLAIM = Claim(
    id="C3",
    statement="With explanations a model solves tasks that it cannot solve without.",
    statistic=(
        "Accuracy on the split test at the largest training size that both arms have. Solved "
        "means better than the best flat shortcut (the majority class, the last operand, ...) by "
        "the margin."
    ),
    contrast=(
        "A model and level open a task when the level's accuracy lies above that mark, none's "
        "below it, also when none is trained longest, and longer training adds less than the "
        "margin to none."
    ),
    criterion=(
        "Supported if some model and level open each task, with 95% intervals for all models and "
        "levels of a task together (Bonferroni); contradicted if in some task each is shown not to."
    ),
    unit="accuracy",
    ask=ask_opened,
    margin=0.05,
    decide=in_every_task,
)
