"""Options that pair a name with what it stands for."""

from collections.abc import Iterable

from showhow.base.errors import ShowhowError
from showhow.responses import load_variant, variant_kinds


def read_pairs(pairs: Iterable[str]) -> dict[str, str]:
    """Read NAME=VALUE options; one without both raises ShowhowError."""
    read = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        if not name or not value:
            raise ShowhowError(f"The option '{pair}' is not a name and a value: write NAME=VALUE.")
        read[name] = value
    return read


def detail_of_variants(names: Iterable[str], kinds: Iterable[str] = ()) -> dict[str, int | None]:
    """The level of detail of each variant: 0 the answer alone, None a control.

    kinds: NAME=KIND for variants with names of their own; any other name is its own kind.
    """
    kind_of = read_pairs(kinds)
    details = {}
    for name in names:
        kind = kind_of.get(name, name)
        if kind not in variant_kinds():
            raise ShowhowError(
                f"The tables have a variant '{name}' of unknown kind. Say its kind with "
                f"--variant {name}=KIND, where KIND is one of: {', '.join(variant_kinds())}."
            )
        details[name] = load_variant(kind).detail
    return details
