"""The ways of writing responses, one file each: one in this folder or the user's is a variant."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from showhow.base.errors import ShowhowError
from showhow.base.own_files import modules_in, names_in

if TYPE_CHECKING:
    from showhow.responses.base_variant import BaseVariant
    from showhow.responses.response import Variant
    from showhow.responses.written_variant import WrittenVariant

NOT_VARIANTS = {
    "base_variant",
    "explanation",
    "known_facts",
    "response",
    "voiced",
    "writing_templates",
    "written_variant",
}


def variant_kinds() -> list[str]:
    """List the kinds of variants, sorted, without importing them."""
    return names_in(__name__, NOT_VARIANTS)


def variant_files() -> dict[str, Path]:
    """Give the file of each kind of variant."""
    return modules_in(__name__, NOT_VARIANTS)


def load_variant(kind: str) -> "Variant | BaseVariant | WrittenVariant":
    """Import one variant; an unknown kind raises ShowhowError with the known ones."""
    if kind not in variant_kinds():
        raise ShowhowError(
            f"There is no variant '{kind}'. "
            f"Write one of these instead: {', '.join(variant_kinds())}."
        )
    return import_module(f"{__name__}.{kind}").VARIANT
