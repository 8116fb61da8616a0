"""Lay two finished studies side by side: what differs in their settings, and in their accuracies.

python workflow_scripts/run.py compare levels levels-longer
python workflow_scripts/run.py compare results/report.html ../other/folder --output table.csv

Each is the name of a study in this folder, its report, or the folder that it ran in; where that has
several, FOLDER:STUDY.
"""

import argparse
import sys
from pathlib import Path

import pandas as pd

from showhow.analysis.comparisons import answers_of
from showhow.analysis.evidence import Evidence
from showhow.analysis.side_by_side import differences
from showhow.base.errors import ShowhowError
from showhow.base.files import whole_file
from showhow.report.registered import differing
from showhow.report.tables import DASH
from showhow.study.finished import FinishedStudy, comparable, find_study

MOST_ROWS = 40
"""Conditions that are printed; --output has all."""


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(
        prog="compare",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("a", help="A finished study.")
    parser.add_argument("b", help="Another one.")
    parser.add_argument("--output", type=Path, help="Where to write the table as well, as CSV.")
    chosen = parser.parse_args(arguments)
    try:
        compare(find_study(chosen.a), find_study(chosen.b), chosen.output)
    except ShowhowError as error:
        raise SystemExit(str(error)) from None


def compare(a: FinishedStudy, b: FinishedStudy, output: Path | None) -> None:
    of_a, of_b = (answers_of(study.items(), study.instances()) for study in (a, b))
    found = differences(of_a, of_b, same_problems(a, b, of_a, of_b))
    print(f"A: {a}\nB: {b}\n")
    print(told_settings(a, b), end="\n\n")
    print(told_accuracies(found, of_a, of_b))
    if output:
        with whole_file(output) as path:
            found.to_csv(path, index=False)
        print(f"\nThe whole table is {output}.")


def same_problems(
    a: FinishedStudy, b: FinishedStudy, of_a: Evidence, of_b: Evidence
) -> set[tuple[str, str]]:
    """Find the tasks and splits of both whose problems are the same ones."""
    both = {(arm.task, arm.split) for arm in set(of_a.correct) & set(of_b.correct)}
    if a.results.resolve() == b.results.resolve():
        return both
    read = {place: (a.problems(*place), b.problems(*place)) for place in both}
    return {place for place, (one, other) in read.items() if one is not None and one == other}


def told_settings(a: FinishedStudy, b: FinishedStudy) -> str:
    """List the settings that are not the same, each with both values."""
    try:
        rows = differing(*comparable(a.settings(), b.settings()))
    except ShowhowError as error:
        return f"Settings: {error}"
    if not rows:
        return "Settings: the same in both."
    table = pd.DataFrame(rows, columns=["setting", "A", "B"])
    return f"Settings that differ:\n{written(table)}"


def told_accuracies(found: pd.DataFrame, of_a: Evidence, of_b: Evidence) -> str:
    """List the accuracies that both have, those that differ most first, and count the others."""
    in_a, in_b = set(of_a.correct), set(of_b.correct)
    rest = f"{len(in_a - in_b)} conditions are in A alone, {len(in_b - in_a)} in B alone."
    if found.empty:
        return f"No condition (task, variant, model, N, match, split) is in both. {rest}"
    shown = found.head(MOST_ROWS)
    intervals = [
        DASH if pd.isna(low) else f"[{low:+.3f}, {high:+.3f}]"
        for low, high in zip(shown["ci_low"], shown["ci_high"], strict=True)
    ]
    table = pd.DataFrame(
        {
            **{name: shown[name] for name in ("task", "variant", "model", "n_train")},
            "match": shown["match"],
            "split": shown["split"],
            "A": shown["a"].map("{:.3f}".format),
            "B": shown["b"].map("{:.3f}".format),
            "A - B": shown["difference"].map("{:+.3f}".format),
            "95% interval": intervals,
            "": shown["compared"],
            "seeds": [f"{a}, {b}" for a, b in zip(shown["seeds_a"], shown["seeds_b"], strict=True)],
        }
    )
    more = len(found) - len(shown)
    cut = f"\n{more} more, which differ less, are in the table of --output." if more else ""
    head = f"Accuracies of the {len(found)} conditions of both, the largest difference first:"
    return f"{head}\n{written(table)}{cut}\n{rest}"


def written(table: pd.DataFrame) -> str:
    """Write a table for a terminal, its columns aligned."""
    cells = [list(table.columns), *table.astype(str).to_numpy().tolist()]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in cells
    )


if __name__ == "__main__":
    main(sys.argv[1:])
