"""Names by which parts of a configuration refer to others, and which therefore have to exist.

What exists is told to pydantic as the context of the validation, by what is named; a stage that
reads its recipe back tells nothing, and any name will do.
"""

from typing import Annotated, LiteralString

from pydantic import AfterValidator, Field, ValidationInfo
from pydantic_core import PydanticCustomError


def existing(what: str, error: LiteralString = "unknown_name") -> AfterValidator:
    """Refuse a name that is not among those of what it names."""

    def check(name: str, told: ValidationInfo) -> str:
        known = (told.context or {}).get(what)
        if known is not None and name not in known:
            raise PydanticCustomError(error, "it does not exist", {"what": what, "known": known})
        return name

    return AfterValidator(check)


TaskName = Annotated[str, existing("task")]
VariantName = Annotated[str, existing("variant")]
ModelName = Annotated[str, existing("model")]
WriterName = Annotated[str, existing("writer")]
WritingModel = Annotated[str, existing("model", "unknown_value")]
SkillName = Annotated[str, existing("skill")]
ClaimName = Annotated[str, existing("claim")]
FigureName = Annotated[str, existing("figure")]
TaskKind = Annotated[str, existing("kind of task", "unknown_kind")]
VariantKind = Annotated[str, existing("kind of variant", "unknown_kind")]


def _two(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) != 2 or names[0] == names[1]:
        raise PydanticCustomError("no_pair", "write two different variants, as in [one, other]")
    return names


PairOfVariants = Annotated[
    tuple[VariantName, ...],
    AfterValidator(_two),
    Field(json_schema_extra={"minItems": 2, "maxItems": 2}),
]
