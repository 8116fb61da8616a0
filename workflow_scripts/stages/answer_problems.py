"""Have a base model answer training problems before fine-tuning: greedily, and sampled."""

from pydantic import Field

from showhow.base.errors import ShowhowError
from showhow.base.rows import write_jsonl
from showhow.evaluation.generation import generate, longest_generation
from showhow.evaluation.prediction import Prediction
from showhow.evaluation.sampling import Sampling
from showhow.jobs.attempts import read_attempts
from showhow.jobs.finished_batches import FinishedBatches
from showhow.jobs.options import ComputingOptions, Prompting, Reads, Resumable, Writes
from showhow.jobs.records import Work
from showhow.jobs.stage import run_stage
from showhow.jobs.unfinished import unfinished_work
from showhow.models.loading import load_base
from showhow.models.precision import place
from showhow.recipes.evaluation import AnsweringSettings, EvaluationSettings
from showhow.responses.base_variant import Answers
from showhow.responses.response import read_responses
from showhow.tasks.problem import read_problems


class Options(ComputingOptions, Prompting, Resumable):
    base: Reads = Field(description="The base model's folder.")
    responses: Reads | None = Field(
        None, description="Reference responses: prompts, and the longest length."
    )
    problems: Reads | None = Field(
        None, description="The problems, where no response says how long answers are."
    )
    output: Writes = Field(description="Where the answers go, one problem a line.")
    evaluation: EvaluationSettings
    answering: AnsweringSettings


def answer_problems(options: Options) -> Work:
    asked, sampled = options.evaluation, options.answering
    loaded = load_base(options.base, options.space_digits, chat=options.chat)
    place(loaded.model, asked.precision)
    references = read_responses(options.responses) if options.responses else []
    limit = asked.max_new_tokens
    if limit is None and not references:
        raise ShowhowError(
            "Nothing says how long the base's answers may be; write evaluation.max_new_tokens."
        )
    limit = limit or longest_generation(loaded, [r.response for r in references])
    questions = [(one.id, one.prompt) for one in references or read_problems(options.problems)]
    ways = [None, *(Sampling(sampled.temperature, seed) for seed in range(sampled.samples))]
    with unfinished_work(options.checkpoints, options.output, options.determined_by()) as kept:
        answered = [
            generate(
                loaded,
                questions,
                asked.batch_size,
                limit,
                FinishedBatches(kept / f"batches-{number}.jsonl", Prediction),
                sampling,
            )
            for number, sampling in enumerate(ways)
        ]
        rows = [
            Answers(greedy.id, greedy.prediction, tuple(sample.prediction for sample in samples))
            for greedy, *samples in zip(*answered, strict=True)
        ]
        write_jsonl(options.output, rows)
    tokens = sum(prediction.generated_tokens for one_way in answered for prediction in one_way)
    return Work(tokens, read_attempts(kept))


if __name__ == "__main__":
    run_stage(answer_problems, Options)
