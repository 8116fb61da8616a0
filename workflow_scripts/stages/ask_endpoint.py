"""Have a language model behind an endpoint write responses to training problems."""

from dataclasses import replace

from showhow.base.errors import ShowhowError
from showhow.base.rows import write_json
from showhow.base.surroundings import surroundings
from showhow.jobs.records import Work
from showhow.jobs.stage import run_stage
from showhow.recipes.writers import EndpointWriter, Service
from showhow.writing.asking import settle
from showhow.writing.endpoint import Endpoint
from showhow.writing.materials import WritingOptions, checker, questions_of, write_outcomes
from showhow.writing.record import open_record
from showhow.writing.usage import Purse, usage_of


class Options(WritingOptions):
    """What this stage is told; how the endpoint is reached is told by the surroundings."""

    writer: EndpointWriter


def ask_endpoint(options: Options) -> Work:
    name, writer, form = options.writer_name, options.writer, options.answer_form
    described = surroundings().services.get(name)
    if described is None:
        raise ShowhowError(f"{name} is no endpoint; write writers.{name}.service.")
    service = Service.model_validate(described)
    identity = writer.model_dump_json(exclude={"service"})
    with open_record(options.record) as replies:
        purse = Purse(service, replies.all_replies())
        endpoint = Endpoint(writer.model_copy(update={"service": service}), purse)
        outcomes = settle(
            questions_of(options),
            options.count,
            options.attempts,
            checker(form),
            identity,
            replies,
            endpoint.ask_many,
        )
        used = usage_of(name, outcomes, replies, service.price)
    write_outcomes(options.output, outcomes)
    write_json(options.usage, replace(used, writer=f"{name} ({writer.model})"))
    return Work(used.completion_tokens)


if __name__ == "__main__":
    run_stage(ask_endpoint, Options)
