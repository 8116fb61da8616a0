"""Variants that a language model writes: the writer has to exist, and to get what it needs."""

from collections.abc import Iterator
from contextlib import suppress

from pydantic import ValidationError

from showhow.base.errors import ShowhowError
from showhow.recipes.writers import EndpointWriter
from showhow.responses.base_variant import BaseVariant
from showhow.responses.written_variant import WriterSettings, WrittenVariant
from showhow.study.checks import grids, loaded_variant
from showhow.study.complaints import Complaint, spelled, wrong
from showhow.study.configuration import Configuration


def _written(
    configuration: Configuration,
) -> Iterator[tuple[str, WrittenVariant, WriterSettings]]:
    for name, described in configuration.variants.items():
        variant = loaded_variant(configuration, name)
        if isinstance(variant, WrittenVariant):
            with suppress(ValidationError):
                yield name, variant, variant.Settings.model_validate(described.settings)


def unnamed_writers(configuration: Configuration) -> Iterator[Complaint]:
    """The kind alone says nothing of who writes."""
    for path, grid in grids(configuration):
        for index, name in enumerate(grid.variants):
            if name in configuration.variants:
                continue
            if isinstance(loaded_variant(configuration, name), WrittenVariant):
                yield wrong(
                    (*path, "variants", index),
                    f"is {name}, which has to be told its writer; describe it "
                    f"under variants, with kind: {name} and settings: {{writer: ...}}.",
                )


def budgets_without_price(configuration: Configuration) -> Iterator[Complaint]:
    """Costs are limited where they can be reckoned."""
    for name, writer in configuration.writers.items():
        if not isinstance(writer, EndpointWriter):
            continue
        if writer.service.budget is not None and writer.service.price is None:
            yield wrong(
                ("writers", name, "service", "budget"),
                "limits a cost that nobody knows; write service.price as well, "
                "with prompt and completion, each for a million tokens.",
            )


def wrong_references(configuration: Configuration) -> Iterator[Complaint]:
    """A writer that starts from a response is told which, and it is the same for all bases."""
    for name, variant, settings in _written(configuration):
        where = ("variants", name, "settings", "template" if settings.template else "reference")
        try:
            needs_reference = variant.needs_reference(settings)
        except ShowhowError as error:
            yield Complaint(where, f"{spelled(where)}: {error}")
            continue
        if needs_reference and settings.reference is None:
            yield wrong(
                where,
                "has its writer start from a response, but names none; write reference: and a "
                "variant, such as one of the kind given.",
                named=("variants", name),
            )
        reference = settings.reference and loaded_variant(configuration, settings.reference)
        if isinstance(reference, BaseVariant) and not variant.for_base:
            yield wrong(
                where,
                f"is {settings.reference}, which differs from base to base; name a variant that is "
                "the same for all.",
            )


def unknown_lengths(configuration: Configuration) -> Iterator[Complaint]:
    """Something has to say how long an answer may be, the base's own included."""
    if configuration.evaluation.max_new_tokens is not None:
        return
    length = "evaluation: {max_new_tokens: ...}"
    for name, variant, settings in _written(configuration):
        where = ("variants", name)
        if variant.for_base:
            yield wrong(
                where,
                f"starts from a base's own answers, and nothing says how long "
                f"those may be; write {length}.",
            )
        elif settings.reference is None:
            yield wrong(
                where,
                f"leaves open how long an answer may be; write {length}, or a "
                "reference, whose responses say it.",
            )


CHECKS = {
    unnamed_writers: None,
    budgets_without_price: None,
    wrong_references: None,
    unknown_lengths: "evaluation",
}
