"""Measure what a fine-tuned model keeps of tasks outside its training data."""

from itertools import chain
from pathlib import Path

from pydantic import Field

from showhow.answers.forms import AnswerForm
from showhow.base.rows import write_json, write_jsonl
from showhow.evaluation.generation import generate, longest_generation
from showhow.evaluation.prediction import Prediction
from showhow.evaluation.sampling import sampling_of
from showhow.jobs.finished_batches import FinishedBatches
from showhow.jobs.options import ComputingOptions, Prompting, Reads, Resumable, ToldPart, Writes
from showhow.jobs.stage import run_stage
from showhow.jobs.unfinished import unfinished_work
from showhow.models.loading import Base, load_base
from showhow.models.precision import place
from showhow.probes.divergence import measure_divergence
from showhow.probes.retained_tasks import read_task, retained_items, summarise
from showhow.recipes.evaluation import EvaluationSettings
from showhow.recipes.probes import ProbeSettings
from showhow.responses.response import Response
from showhow.training.tuned import load_tuned, ready_to_ask


class FilesOfTask(ToldPart):
    """A task outside the training data: its test problems, and what belongs to them."""

    name: str
    problems: Reads
    responses: Reads = Field(description="The reference responses.")
    before: Reads = Field(description="The base's predictions.")
    answer_form: AnswerForm | None = Field(
        None, description="How answers stand in free text; null where this project words them."
    )


class Options(ComputingOptions, Prompting, Resumable):
    model: Reads = Field(description="The folder of the fine-tuned model or adapter.")
    base: Reads = Field(description="The folder of the base that it started from.")
    items: Writes = Field(description="Where what was kept of each problem goes.")
    output: Writes = Field(description="Where the summary of each task goes.")
    tasks: tuple[FilesOfTask, ...]
    evaluation: EvaluationSettings
    settings: ProbeSettings
    seed: int = Field(0, description="What sampled answers are drawn with: the run's.")


def measure_retention(options: Options) -> int:
    tuned = load_tuned(options.model, options.base, options.space_digits, options.chat)
    untuned = load_base(options.base, options.space_digits, chat=options.chat)
    tasks = [
        read_task(each.name, each.problems, each.responses, each.before, each.answer_form)
        for each in options.tasks
    ]
    # First what needs the weights as they are: in bf16 they lose digits for good.
    for each in (tuned, untuned):
        place(each.model, options.settings.precision)
    moved = [
        measure_divergence(
            untuned,
            tuned,
            [(answered.prompt, answered.prediction) for answered in each.before],
            options.settings.batch_size,
        )
        for each in tasks
    ]
    tuned = ready_to_ask(tuned, options.evaluation.precision)
    with unfinished_work(options.checkpoints, options.items, options.determined_by()) as kept:
        after = [
            answer(tuned, each.references, options, kept / f"{each.name}.jsonl") for each in tasks
        ]
        rows = [retained_items(*measured) for measured in zip(tasks, after, moved, strict=True)]
        write_jsonl(options.items, chain(*rows))
        summaries = {
            each.name: summarise(of_task, sum(a.truncated for a in answers))
            for each, of_task, answers in zip(tasks, rows, after, strict=True)
        }
        write_json(options.output, {"tasks": summaries})
    generated = sum(each.generated_tokens for answers in after for each in answers)
    return generated + sum(row.tokens for of_task in rows for row in of_task)


def answer(
    tuned: Base, references: list[Response], options: Options, batches: Path
) -> list[Prediction]:
    asking = options.evaluation
    limit = asking.max_new_tokens or longest_generation(tuned, [r.response for r in references])
    prompts = [(reference.id, reference.prompt) for reference in references]
    finished = FinishedBatches(batches, Prediction)
    sampling = sampling_of(asking.sampling, options.seed)
    return generate(tuned, prompts, asking.batch_size, limit, finished, sampling)


if __name__ == "__main__":
    run_stage(measure_retention, Options)
