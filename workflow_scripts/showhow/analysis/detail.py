"""What the analysis is told of the variants."""

from collections.abc import Iterable, Mapping

from showhow.base.errors import ShowhowError
from showhow.responses import load_variant, variant_kinds


def detail_of_variants(
    names: Iterable[str], kinds: Mapping[str, str] | None = None
) -> dict[str, int | None]:
    """The level of detail of each variant: 0 the answer alone, None a control.

    kinds: the kind of each variant with a name of its own; any other name is its own kind.
    """
    details = {}
    for name in names:
        kind = (kinds or {}).get(name, name)
        if kind not in variant_kinds():
            raise ShowhowError(
                f"The tables have a variant '{name}' of unknown kind. Say its kind in --options, "
                f'{{"kinds": {{"{name}": KIND}}}}, where KIND is one of: '
                f"{', '.join(variant_kinds())}."
            )
        details[name] = load_variant(kind).detail
    return details
