"""Have a language model behind an endpoint write responses to training problems."""

from dataclasses import asdict, replace
from typing import Annotated

import typer

from showhow.base.errors import ShowhowError
from showhow.base.rows import write_json
from showhow.jobs.stage import Work, run_stage
from showhow.recipes.writers import EndpointWriter, read_services, read_writer
from showhow.writing.asking import settle
from showhow.writing.endpoint import Endpoint
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
from showhow.writing.record import open_record
from showhow.writing.usage import Purse, usage_of


def ask_endpoint(
    writer_name: WriterNameOption,
    writer: WriterOption,
    template: TemplateOption,
    problems: ProblemsOption,
    count: CountOption,
    attempts: AttemptsOption,
    record: RecordOption,
    output: WrittenOption,
    usage: UsageOption,
    services: Annotated[
        str, typer.Option(help="How endpoints are reached, as JSON.", envvar="SHOWHOW_SERVICES")
    ],
    references: ReferencesOption = None,
    answers: AnswersOption = None,
    answer_form: FormOption = None,
) -> Work:
    described = read_writer(writer)
    service = read_services(services).get(writer_name)
    if service is None or not isinstance(described, EndpointWriter):
        raise ShowhowError(f"{writer_name} is no endpoint; write writers.{writer_name}.service.")
    identity = described.model_dump_json(exclude={"service"})
    asked = questions_from(template, problems, references, answers, answer_form)
    with open_record(record) as replies:
        purse = Purse(service, replies.all_replies())
        endpoint = Endpoint(described.model_copy(update={"service": service}), purse)
        outcomes = settle(
            asked, count, attempts, checker(answer_form), identity, replies, endpoint.ask_many
        )
        used = usage_of(writer_name, outcomes, replies, service.price)
    write_outcomes(output, outcomes)
    write_json(usage, asdict(replace(used, writer=f"{writer_name} ({described.model})")))
    return Work(used.completion_tokens)


if __name__ == "__main__":
    run_stage(ask_endpoint)
