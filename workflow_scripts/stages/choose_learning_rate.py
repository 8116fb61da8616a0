"""Choose the learning rate of one condition: that of the trial that was most accurate."""

from typing import Any

from pydantic import Field

from showhow.base.rows import write_json
from showhow.evaluation.learning_rates import best_of, read_trial
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage


class Options(StageOptions):
    scores: list[Reads] = Field(description="The scores of each rate's trial.")
    output: Writes = Field(description="Where the record of the choice goes.")
    arm: dict[str, Any] = Field(description="Which condition it is, and the trials' seed.")
    rates: tuple[float, ...] = Field(description="The rates, in the order of the scores.")


def choose_learning_rate(options: Options) -> None:
    trials = [
        read_trial(rate, scores) for rate, scores in zip(options.rates, options.scores, strict=True)
    ]
    rate = best_of(trials).learning_rate
    write_json(options.output, {"arm": options.arm, "learning_rate": rate, "tried": trials})


if __name__ == "__main__":
    run_stage(choose_learning_rate, Options)
