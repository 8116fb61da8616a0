"""Write the responses of one variant to the problems of one split."""

from typing import Any

from pydantic import Field

from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.responses import load_variant
from showhow.responses.response import write_responses as write_file
from showhow.tasks import load_task
from showhow.tasks.problem import read_problems


class Options(StageOptions):
    problems: Reads = Field(description="The problems to respond to.")
    output: Writes = Field(description="Where the responses go, one a line.")
    task_kind: str = Field(description="The task's file in showhow/tasks.")
    variant_kind: str = Field(description="The variant's file in showhow/responses.")
    settings: dict[str, Any] = Field(description="The variant's settings.")


def write_responses(options: Options) -> None:
    task, variant = load_task(options.task_kind), load_variant(options.variant_kind)
    chosen = variant.Settings.model_validate(options.settings)
    written = [variant.write(chosen, task, each) for each in read_problems(options.problems)]
    write_file(options.output, written)


if __name__ == "__main__":
    run_stage(write_responses, Options)
