"""Of runs that differ in the seed alone, keep the weights of the best and remove the others'."""

from pydantic import Field

from showhow.base.rows import write_json
from showhow.evaluation.keeping import CHOSEN_ON, accuracy_of, best_seed, forget_weights
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    """What this stage is told."""

    output: Writes = Field(description="Where the record of the choice goes.")
    runs: dict[int, Reads] = Field(description="The folder of each run, by its seed.")


def keep_best(options: Options) -> None:
    accuracies = {seed: accuracy_of(folder) for seed, folder in options.runs.items()}
    best = best_seed(accuracies)
    for seed, folder in options.runs.items():
        if seed != best:
            forget_weights(folder)
    record = {"seed": best, "chosen_on": CHOSEN_ON, "accuracy": accuracies}
    write_json(options.output, record)


if __name__ == "__main__":
    run_stage(keep_best, Options)
