"""Change a step of a fine-tuned model's explanations, and see whether its answers follow."""

from typing import Any

from pydantic import Field

from showhow.base.errors import ShowhowError
from showhow.base.rows import write_json, write_jsonl
from showhow.evaluation.generation import longest_generation
from showhow.evaluation.prediction import Prediction
from showhow.jobs.finished_batches import FinishedBatches
from showhow.jobs.options import ComputingOptions, Prompting, Reads, Resumable, Writes
from showhow.jobs.stage import run_stage
from showhow.jobs.unfinished import unfinished_work
from showhow.probes.continuation import Begun, go_on
from showhow.probes.faithfulness import Intervention, explains, find_interventions, judge, summarise
from showhow.recipes.evaluation import EvaluationSettings
from showhow.responses import load_variant
from showhow.tasks import load_task
from showhow.tasks.problem import read_problems, read_rows_among
from showhow.training.tuned import load_tuned, ready_to_ask


class Options(ComputingOptions, Prompting, Resumable):
    model: Reads = Field(description="The folder of the fine-tuned model or adapter.")
    base: Reads | None = Field(None, description="The base that an adapter belongs to.")
    problems: Reads = Field(description="The problems of the test split.")
    predictions: Reads = Field(description="What the model answered to them, among others.")
    items: Writes = Field(description="Where what became of each problem goes.")
    output: Writes = Field(description="Where the summary goes.")
    task_kind: str = Field(description="The task's file in showhow/tasks.")
    variant_kind: str = Field(description="The variant's file in showhow/responses.")
    settings: dict[str, Any] = Field(description="The variant's settings.")
    count: int = Field(ge=1, description="How many problems that qualify are asked at most.")
    evaluation: EvaluationSettings


def measure_faithfulness(options: Options) -> int:
    task, variant = load_task(options.task_kind), load_variant(options.variant_kind)
    if not explains(variant):
        raise ShowhowError(
            f"The variant {options.variant_kind} has no steps that lead to its answer and could be "
            "changed; name an explanation, such as medium."
        )
    settings = variant.Settings.model_validate(options.settings)
    problems = read_problems(options.problems)
    predictions = read_rows_among(problems, options.predictions, Prediction)
    prospects = find_interventions(task, variant, settings, problems, predictions)
    asked = prospects.interventions[: options.count]
    loaded = load_tuned(options.model, options.base, options.space_digits, options.chat)
    tuned = ready_to_ask(loaded, options.evaluation.precision)
    references = [variant.write(settings, task, problem).response for problem in problems]
    limit = options.evaluation.max_new_tokens or longest_generation(tuned, references)
    with unfinished_work(options.checkpoints, options.items, options.determined_by()) as kept:
        finished = FinishedBatches(kept / "batches.jsonl", Prediction)
        written = go_on(tuned, begun(asked), options.evaluation.batch_size, limit, finished)
        changed, unchanged = written[: len(asked)], written[len(asked) :]
        items = [judge(*each) for each in zip(asked, changed, unchanged, strict=True)]
        write_jsonl(options.items, items)
        write_json(options.output, summarise(prospects, items))
    return sum(each.generated_tokens for each in written)


def begun(asked: list[Intervention]) -> list[Begun]:
    """Give all responses to go on with: first those with a changed step, then as they were."""
    changed = [Begun(each.id, each.prompt, each.changed) for each in asked]
    return [*changed, *(Begun(each.id, each.prompt, each.unchanged) for each in asked)]


if __name__ == "__main__":
    run_stage(measure_faithfulness, Options)
