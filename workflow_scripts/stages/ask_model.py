"""Have a language model write responses to training problems on this machine."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated

import torch
import typer

from showhow.base.hashing import content_hash
from showhow.base.rows import write_json
from showhow.evaluation.generation import generate
from showhow.evaluation.sampling import Sampling
from showhow.jobs.devices import take_gpus
from showhow.jobs.stage import GpusOption, Work, run_stage
from showhow.models.loading import Base, load_base
from showhow.models.precision import place
from showhow.recipes.writers import ModelWriter, read_writer
from showhow.writing.asking import settle
from showhow.writing.materials import (
    AnswersOption,
    AttemptsOption,
    CountOption,
    FormOption,
    ProblemsOption,
    RecordOption,
    ReferencesOption,
    TemplateOption,
    UsageOption,
    WriterNameOption,
    WriterOption,
    WrittenOption,
    checker,
    questions_from,
    write_outcomes,
)
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


def ask_model(
    writer_name: WriterNameOption,
    writer: WriterOption,
    base: Annotated[Path, typer.Option(help="The writer's model folder.")],
    template: TemplateOption,
    problems: ProblemsOption,
    count: CountOption,
    attempts: AttemptsOption,
    record: RecordOption,
    output: WrittenOption,
    usage: UsageOption,
    references: ReferencesOption = None,
    answers: AnswersOption = None,
    answer_form: FormOption = None,
    threads: Annotated[int, typer.Option(help="Threads of the computation.")] = 1,
    gpus: GpusOption = 0,
) -> Work:
    take_gpus(gpus)
    torch.set_num_threads(threads)
    described = read_writer(writer)
    loaded = load_base(base)
    place(loaded.model, "auto")
    identity = f"{described.model_dump_json(exclude={'batch_size'})} {content_hash(base)}"
    asked = questions_from(template, problems, references, answers, answer_form)
    with open_record(record) as replies:
        local = LocalWriter(loaded, described)
        outcomes = settle(
            asked, count, attempts, checker(answer_form), identity, replies, local.ask_many
        )
        used = usage_of(writer_name, outcomes, replies, None)
    write_outcomes(output, outcomes)
    write_json(usage, asdict(replace(used, writer=f"{writer_name} ({described.model})")))
    return Work(used.completion_tokens)


if __name__ == "__main__":
    run_stage(ask_model)
