"""C5: explanations improve generalisation, above all to longer inputs."""

from dataclasses import replace

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
    summary_rows,
)
from showhow.analysis.evidence import Evidence

ABOVE_ALL = "mean gain on longer minus mean gain on test"


def decide_longer(evidence: Evidence) -> tuple[Finding, list[TaskRow]]:
    """The gain on longer inputs decides; how it compares with the split test is reported."""
    longer = largest_common_size(evidence, "longer")
    test = {
        (cell.task, cell.model, cell.n_train): cell
        for cell in largest_common_size(evidence, "test")
    }
    rows = mean_gain_rows("C5", longer) + best_gain_rows("C5", longer)
    both = {
        (cell.task, cell.model): replace(
            cell.mean_gain() - test[cell.task, cell.model, cell.n_train].mean_gain(),
            runs=cell.mean_gain().runs,
        )
        for cell in longer
        if (cell.task, cell.model, cell.n_train) in test
    }
    rows += summary_rows("C5", ABOVE_ALL, both, dict.fromkeys(both, ""))
    missing = "No task and model has runs with and without explanations on a split longer."
    finding = finding_of(overall(rows, MEAN_GAIN), verdict_by_interval, missing)
    return replace(finding, note=_above_all(overall(rows, ABOVE_ALL)) or finding.note), rows


def _above_all(row: TaskRow | None) -> str:
    if row is None:
        return ""
    larger = (
        "larger than"
        if row.ci_low > 0
        else "smaller than"
        if row.ci_high < 0
        else "not told apart from"
    )
    return (
        f"The gain on longer inputs is {larger} the gain on the split test "
        f"({row.estimate:+.3f} [{row.ci_low:+.3f}, {row.ci_high:+.3f}])."
    )


CLAIM = Claim(
    id="C5",
    statement="Explanations improve generalisation to inputs longer than those trained on.",
    statistic="Accuracy on the split longer at the largest training size that both arms have.",
    contrast=(
        "Mean of the explained levels minus none, averaged over models within a task, then over "
        "tasks. Second contrast ('above all'): that gain minus the gain on the split test."
    ),
    criterion=(
        "Supported if the 95% interval of the gain on longer lies above zero, contradicted if "
        "below. The second contrast does not decide: it is given, with its interval, in the note "
        "and in the rows by task."
    ),
    unit="difference in accuracy",
    test=decide_longer,
)
