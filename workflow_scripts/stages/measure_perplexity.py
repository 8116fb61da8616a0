"""Measure how familiar responses are to a base model: their perplexity before fine-tuning."""

from dataclasses import asdict

from pydantic import Field

from showhow.base.rows import write_json, write_jsonl
from showhow.jobs.attempts import read_attempts
from showhow.jobs.finished_batches import FinishedBatches
from showhow.jobs.options import ComputingOptions, Prompting, Reads, Resumable, ToldPart, Writes
from showhow.jobs.records import Work
from showhow.jobs.stage import run_stage
from showhow.jobs.unfinished import unfinished_work
from showhow.models.loading import load_base
from showhow.models.precision import place
from showhow.probes.perplexity import ResponsePerplexity, summarise
from showhow.probes.perplexity import measure_perplexity as measure
from showhow.recipes.probes import ProbeSettings
from showhow.responses.response import read_responses


class ProbeIdentity(ToldPart):
    """Whose responses are measured under which base of which model."""

    model: str
    base: str
    task: str
    variant: str
    split: str


class Options(ComputingOptions, Prompting, Resumable):
    model: Reads = Field(description="The base model's folder.")
    responses: Reads = Field(description="The responses to measure.")
    examples: Writes = Field(description="Where each response's perplexity goes.")
    output: Writes = Field(description="Where their summary goes.")
    identity: ProbeIdentity
    settings: ProbeSettings


def measure_perplexity(options: Options) -> Work:
    chosen = options.settings
    base = load_base(options.model, options.space_digits, chat=options.chat)
    place(base.model, chosen.precision)
    responses = read_responses(options.responses)
    with unfinished_work(options.checkpoints, options.examples, options.determined_by()) as kept:
        finished = FinishedBatches(kept / "batches.jsonl", ResponsePerplexity)
        measured = measure(base, responses, chosen.batch_size, finished)
        write_jsonl(options.examples, measured)
        summary = asdict(summarise(measured, chosen.perplexity_cap))
        write_json(options.output, {**options.identity.model_dump(), **summary})
    return Work(sum(each.tokens for each in measured), read_attempts(kept))


if __name__ == "__main__":
    run_stage(measure_perplexity, Options)
