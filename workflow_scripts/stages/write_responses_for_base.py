"""Write the responses of one variant to the problems of one split, for one base model."""

from typing import Any

from pydantic import Field

from showhow.base.rows import read_jsonl, read_rows, write_json
from showhow.jobs.options import Reads, StageOptions, Writes
from showhow.jobs.stage import run_stage
from showhow.recipes.voices import VoiceName
from showhow.responses import load_variant
from showhow.responses.base_variant import Answers, KnownBase, first_written
from showhow.responses.response import write_responses
from showhow.tasks import load_task
from showhow.tasks.problem import read_problems


class Options(StageOptions):
    problems: Reads = Field(description="The problems to respond to.")
    answers: Reads | None = Field(None, description="What the base answered to these problems.")
    perplexities: Reads | None = Field(
        None, description="The perplexity of the unfamiliar responses to them."
    )
    memory: Reads | None = Field(None, description="How well the base knows them.")
    output: Writes = Field(description="Where the responses go, one a line.")
    record: Writes = Field(description="Where it goes how many were dropped or changed.")
    task_kind: str = Field(description="The task's file in showhow/tasks.")
    variant_kind: str = Field(description="The variant's file in showhow/responses.")
    settings: dict[str, Any] = Field(description="The variant's settings.")
    count: int = Field(description="How many responses there are to be.")
    voice: VoiceName | None = Field(None, description="The voice that is familiar to the base.")
    draw: int = Field(0, description="Which draw of training problems this is.")


def write_responses_for_base(options: Options) -> None:
    task, variant = load_task(options.task_kind), load_variant(options.variant_kind)
    chosen = variant.Settings.model_validate(options.settings)
    answered = read_rows(options.answers, Answers) if options.answers else []
    measured = read_jsonl(options.perplexities) if options.perplexities else []
    remembered = read_jsonl(options.memory) if options.memory else []
    base = KnownBase(
        options.voice,
        {row.id: row for row in answered},
        {row["id"]: row["log_probabilities"] for row in measured},
        {row["id"]: row["level"] for row in remembered},
    )
    asked = variant.choose(read_problems(options.problems), base, options.draw)
    written = (variant.write_for(chosen, task, problem, base) for problem in asked)
    responses, told = first_written(written, options.count, variant.shortage)
    write_responses(options.output, responses)
    write_json(options.record, told)


if __name__ == "__main__":
    run_stage(write_responses_for_base, Options)
