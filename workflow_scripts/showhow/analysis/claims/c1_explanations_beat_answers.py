"""C1: fine-tuning with explanations beats fine-tuning on answers alone."""

from showhow.analysis.claims.claim import (
    Claim,
    Finding,
    finding_of,
    overall,
    verdict_by_interval,
)
from showhow.analysis.contrasts import (
    MEAN_GAIN,
    TaskRow,
    best_gain_rows,
    largest_common_size,
    mean_gain_rows,
)
from showhow.analysis.evidence import Evidence


def decide_gain(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """The mean gain decides; the best level's gain stands beside it."""
    cells = largest_common_size(evidence, "test")
    rows = mean_gain_rows("C1", cells) + best_gain_rows("C1", cells)
    missing = "No task and model has runs with and without explanations on the split test."
    return finding_of(overall(rows, MEAN_GAIN), verdict_by_interval, missing), rows


CLAIM = Claim(
    id="C1",
    statement="Fine-tuning with explanations beats fine-tuning on the answers alone.",
    statistic="Accuracy on the split test at the largest training size that both arms have.",
    contrast=(
        "Mean of the explained levels minus none, averaged over models within a task, then over "
        "tasks; nothing is chosen by its result. The best level minus none stands beside it, with "
        "an interval widened for the number of levels."
    ),
    criterion=(
        "Supported if the 95% interval (bootstrap over seeds, then problems) of the mean gain "
        "lies above zero, contradicted if below."
    ),
    unit="difference in accuracy",
    test=decide_gain,
)
