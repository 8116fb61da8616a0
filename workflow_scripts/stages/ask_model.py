"""Have a language model write responses to training problems on this machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pydantic import Field

from showhow.base.hashing import content_hash
from showhow.base.rows import write_json
from showhow.evaluation.generation import generate
from showhow.evaluation.sampling import Sampling
from showhow.jobs.options import ComputingOptions, Reads
from showhow.jobs.records import Work
from showhow.jobs.stage import run_stage
from showhow.models.loading import Base, load_base
from showhow.models.precision import place
from showhow.recipes.writers import ModelWriter
from showhow.writing.asking import settle
from showhow.writing.materials import WritingOptions, checker, questions_of, write_outcomes
from showhow.writing.record import Reply, Request, open_record
from showhow.writing.usage import usage_of


@dataclass(frozen=True)
class LocalWriter:
    """A model that is loaded here, asked in batches."""

    base: Base
    writer: ModelWriter

    def ask_many(self, requests: Sequence[Request], add: Callable[[Request, Reply], None]) -> None:
        """Write to all requests, batch by batch; the sampling of each depends on it alone."""
        for start in range(0, len(requests), self.writer.batch_size):
            batch = requests[start : start + self.writer.batch_size]
            predictions = generate(
                self.base,
                [(request.key, request.text) for request in batch],
                len(batch),
                self.writer.max_new_tokens,
                sampling=self._sampling(),
            )
            for request, one in zip(batch, predictions, strict=True):
                sent = len(self.base.tokenizer(request.text).input_ids)
                add(request, Reply(one.prediction, not one.truncated, sent, one.generated_tokens))

    def _sampling(self) -> Sampling | None:
        temperature = self.writer.temperature
        if temperature == 0:
            return None
        return Sampling(1.0 if temperature is None else temperature, seed=0)


class Options(WritingOptions, ComputingOptions):
    base: Reads = Field(description="The writer's model folder.")
    writer: ModelWriter


def ask_model(options: Options) -> Work:
    name, writer = options.writer_name, options.writer
    loaded = load_base(options.base)
    place(loaded.model, "auto")
    identity = f"{writer.model_dump_json(exclude={'batch_size'})} {content_hash(options.base)}"
    with open_record(options.record) as replies:
        outcomes = settle(
            questions_of(options),
            options.count,
            options.attempts,
            checker(options.answer_form),
            identity,
            replies,
            LocalWriter(loaded, writer).ask_many,
        )
        used = usage_of(name, outcomes, replies, None)
    write_outcomes(options.output, outcomes)
    write_json(options.usage, replace(used, writer=f"{name} ({writer.model})"))
    return Work(used.completion_tokens)


if __name__ == "__main__":
    run_stage(ask_model, Options)
