"""What is not wrong with the user's files and yet to be minded, in sentences."""

from collections.abc import Iterator, Mapping


def contradictions(task: str, split: str, rows: Mapping[str, int]) -> Iterator[str]:
    """Warn of questions that stand in a file with several answers; rows: how many, by the file."""
    for file, count in rows.items():
        if count:
            yield (
                f"{task}, {split}: {count:,} {'row' if count == 1 else 'rows'} of {file} "
                f"{'has' if count == 1 else 'have'} a question that stands before, and another "
                f"answer; the first counts. results/data/{task}/dropped.csv names them."
            )
