"""Variants that a language model writes: the writer has to exist, and to get what it needs."""

from collections.abc import Iterator

from pydantic import ValidationError

from showhow.base.errors import ShowhowError
from showhow.responses import load_variant, variant_kinds
from showhow.responses.base_variant import BaseVariant
from showhow.responses.written_variant import WriterSettings, WrittenVariant
from showhow.study.as_written import Finding, grids, known_variants, mapping, sequence
from showhow.study.complaints import instead, shown, spelled


def wrong_writers(config: dict) -> Iterator[Finding]:
    """Find writers, and variants that they write, which cannot be as they are described."""
    yield from _unnamed(config)
    yield from _wrong_models(config)
    yield from _budgets_without_price(config)
    for name, variant, settings in _written(config):
        yield from _unknown_parts(config, name, settings)
        yield from _wrong_reference(config, name, variant, settings)
        yield from _unknown_length(config, name, variant, settings)


def _kind(config: dict, variant: object) -> object:
    return mapping(config, "variants", str(variant)).get("kind", variant)


def _loaded(config: dict, variant: object):
    kind = _kind(config, variant)
    return load_variant(kind) if kind in variant_kinds() else None


def _written(config: dict) -> Iterator[tuple[str, WrittenVariant, WriterSettings]]:
    """Give the variants of these kinds whose settings have the right types."""
    for name, described in mapping(config, "variants").items():
        variant = _loaded(config, name)
        if not isinstance(variant, WrittenVariant):
            continue
        try:
            settings = mapping(described).get("settings", {})
            yield name, variant, variant.Settings.model_validate(settings)
        except ValidationError:
            continue


def _unnamed(config: dict) -> Iterator[Finding]:
    """The kind alone says nothing of who writes."""
    for path, grid in grids(config):
        for index, name in enumerate(sequence(grid.get("variants"))):
            if not isinstance(name, str) or name in mapping(config, "variants"):
                continue
            if isinstance(_loaded(config, name), WrittenVariant):
                where = (*path, "variants", index)
                yield Finding(
                    where,
                    f"{spelled(where)} is {name}, which has to be told its writer; describe it "
                    f"under variants, with kind: {name} and settings: {{writer: ...}}.",
                )


def _wrong_models(config: dict) -> Iterator[Finding]:
    models = mapping(config, "models")
    for name, writer in mapping(config, "writers").items():
        model = mapping(writer).get("model")
        run_here = mapping(writer).get("kind") == "model" and isinstance(model, str)
        if run_here and model not in models:
            where = ("writers", name, "model")
            remedy = instead(model, models, "the models are")
            yield Finding(
                where, f"{spelled(where)} is {shown(model)}, which does not exist; {remedy}"
            )


def _budgets_without_price(config: dict) -> Iterator[Finding]:
    for name, writer in mapping(config, "writers").items():
        service = mapping(writer, "service")
        if service.get("budget") is not None and service.get("price") is None:
            where = ("writers", name, "service", "budget")
            yield Finding(
                where,
                f"{spelled(where)} limits a cost that nobody knows; write service.price as well, "
                "with prompt and completion, each for a million tokens.",
            )


def _unknown_parts(config: dict, name: str, settings: WriterSettings) -> Iterator[Finding]:
    for key, what, known in (
        ("writer", "writer", mapping(config, "writers")),
        ("reference", "variant", known_variants(config) - {name}),
    ):
        value = getattr(settings, key)
        if value is not None and value not in known:
            where = ("variants", name, "settings", key)
            remedy = instead(value, known, f"the {what}s are")
            yield Finding(
                where,
                f"{spelled(where)} names the {what} {shown(value)}, which does not exist; {remedy}",
            )


def _wrong_reference(
    config: dict, name: str, variant: WrittenVariant, settings: WriterSettings
) -> Iterator[Finding]:
    where = ("variants", name, "settings", "template" if settings.template else "reference")
    try:
        needs_reference = variant.needs_reference(settings)
    except ShowhowError as error:
        yield Finding(where, f"{spelled(where)}: {error}")
        return
    if needs_reference and settings.reference is None:
        yield Finding(
            where,
            f"{spelled(('variants', name))} has its writer start from a response, but names none; "
            "write reference: and a variant, such as one of the kind given.",
        )
    reference = _loaded(config, settings.reference)
    if isinstance(reference, BaseVariant) and not variant.for_base:
        yield Finding(
            where,
            f"{spelled(where)} is {settings.reference}, which differs from base to base; name a "
            "variant that is the same for all.",
        )


def _unknown_length(
    config: dict, name: str, variant: WrittenVariant, settings: WriterSettings
) -> Iterator[Finding]:
    """Something has to say how long an answer may be, the base's own included."""
    if mapping(config, "evaluation").get("max_new_tokens") is not None:
        return
    where = ("variants", name)
    length = "evaluation: {max_new_tokens: ...}"
    if variant.for_base:
        yield Finding(
            where,
            f"{spelled(where)} starts from a base's own answers, and nothing says how long those "
            f"may be; write {length}.",
        )
    elif settings.reference is None:
        yield Finding(
            where,
            f"{spelled(where)} leaves open how long an answer may be; write {length}, or a "
            "reference, whose responses say it.",
        )
