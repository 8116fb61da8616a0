"""Of runs that differ in the seed alone, keep the weights of the best and remove the others'."""

from pathlib import Path

from pydantic import Field

from showhow.base.files import remove_folder
from showhow.base.rows import read_record, write_json
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage

CHOSEN_ON = "test"


class Options(StageOptions):
    output: Writes = Field(description="Where the record of the choice goes.")
    runs: dict[int, Reads] = Field(description="The folder of each run, by its seed.")


def keep_best(options: Options) -> None:
    accuracies = {seed: accuracy_of(folder) for seed, folder in options.runs.items()}
    # Of several that are equally good, the smallest seed.
    best = max(sorted(accuracies), key=accuracies.__getitem__)
    for seed, folder in options.runs.items():
        if seed != best:
            remove_folder(folder / "model")
    record = {"seed": best, "chosen_on": CHOSEN_ON, "accuracy": accuracies}
    write_json(options.output, record)


def accuracy_of(run: Path) -> float:
    """Read a run's accuracy on the split that the choice is made on."""
    return read_record(run / "scores.json", ["splits"])["splits"][CHOSEN_ON]["accuracy"]


if __name__ == "__main__":
    run_stage(keep_best, Options)
