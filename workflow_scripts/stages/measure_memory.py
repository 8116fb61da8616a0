"""Measure how well a base model knows the answers to problems, before fine-tuning."""

from pydantic import Field

from showhow.base.rows import write_jsonl
from showhow.jobs.attempts import read_attempts
from showhow.jobs.finished_batches import FinishedBatches
from showhow.jobs.options import ComputingOptions, Prompting, Reads, Resumable, Writes
from showhow.jobs.records import Work
from showhow.jobs.stage import run_stage
from showhow.jobs.unfinished import unfinished_work
from showhow.models.loading import load_base
from showhow.models.precision import place
from showhow.probes.memory_level import Memory
from showhow.probes.memory_level import measure_memory as measure
from showhow.recipes.probes import MemorySettings
from showhow.tasks.problem import read_problems


class Options(ComputingOptions, Prompting, Resumable):
    model: Reads = Field(description="The base model's folder.")
    problems: Reads = Field(description="The problems whose answers it may know.")
    output: Writes = Field(description="Where each problem's memory level goes.")
    settings: MemorySettings
    first: int | None = Field(None, description="Measure so many; all by default.")


def measure_memory(options: Options) -> Work:
    base = load_base(options.model, options.space_digits, chat=options.chat)
    place(base.model, options.settings.precision)
    problems = read_problems(options.problems)[: options.first]
    with unfinished_work(options.checkpoints, options.output, options.determined_by()) as kept:
        finished = FinishedBatches(kept / "batches.jsonl", Memory)
        measured = measure(base, problems, options.settings, finished)
        write_jsonl(options.output, measured)
    return Work(sum(each.completions for each in measured), read_attempts(kept))


if __name__ == "__main__":
    run_stage(measure_memory, Options)
