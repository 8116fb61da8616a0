"""The ways of writing responses, one file each: a file in this folder is a variant."""

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from showhow.errors import ShowhowError

if TYPE_CHECKING:
    from showhow.responses.base_variant import BaseVariant
    from showhow.responses.response import Variant

NOT_VARIANTS = {"base_variant", "explanation", "known_facts", "response", "voiced"}


def variant_kinds() -> list[str]:
    """List the kinds of variants, sorted, without importing them."""
    return sorted({module.name for module in iter_modules(__path__)} - NOT_VARIANTS)


def load_variant(kind: str) -> "Variant | BaseVariant":
    """Import one variant; an unknown kind raises ShowhowError with the known ones."""
    if kind not in variant_kinds():
        raise ShowhowError(
            f"There is no variant '{kind}'. "
            f"Write one of these instead: {', '.join(variant_kinds())}."
        )
    return import_module(f"{__name__}.{kind}").VARIANT
