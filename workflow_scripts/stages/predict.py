"""Have a fine-tuned model answer the problems of every split."""

from pydantic import Field

from showhow.base.rows import write_jsonl
from showhow.evaluation.generation import generate, longest_generation
from showhow.evaluation.prediction import Prediction
from showhow.evaluation.sampling import sampling_of
from showhow.jobs.attempts import read_attempts
from showhow.jobs.finished_batches import FinishedBatches
from showhow.jobs.options import ComputingOptions, Prompting, Reads, Resumable, Writes
from showhow.jobs.records import Work
from showhow.jobs.stage import run_stage
from showhow.jobs.unfinished import forget_work_on, unfinished_work
from showhow.recipes.evaluation import EvaluationSettings
from showhow.responses.response import read_responses
from showhow.training.tuned import load_tuned, ready_to_ask


class Options(ComputingOptions, Prompting, Resumable):
    model: Reads = Field(description="The folder of the fine-tuned model or adapter.")
    base: Reads | None = Field(None, description="The base that an adapter belongs to.")
    responses: list[Reads] = Field(
        description="Each split's reference responses: prompts, longest length."
    )
    output: Writes = Field(description="Where the predictions of all splits go.")
    settings: EvaluationSettings
    seed: int = Field(0, description="What sampled answers are drawn with: the run's.")


def predict(options: Options) -> Work:
    forget_work_on(options.checkpoints, options.model)
    chosen = options.settings
    loaded = load_tuned(options.model, options.base, options.space_digits, options.chat)
    tuned = ready_to_ask(loaded, chosen.precision)
    problems, limits = [], []
    for path in options.responses:
        references = read_responses(path)
        problems += [(reference.id, reference.prompt) for reference in references]
        longest = longest_generation(tuned, [reference.response for reference in references])
        limits += [chosen.max_new_tokens or longest] * len(references)
    with unfinished_work(options.checkpoints, options.output, options.determined_by()) as kept:
        finished = FinishedBatches(kept / "batches.jsonl", Prediction)
        sampling = sampling_of(chosen.sampling, options.seed)
        predictions = generate(tuned, problems, chosen.batch_size, limits, finished, sampling)
        write_jsonl(options.output, predictions)
    tokens = sum(prediction.generated_tokens for prediction in predictions)
    return Work(tokens, read_attempts(kept))


if __name__ == "__main__":
    run_stage(predict, Options)
