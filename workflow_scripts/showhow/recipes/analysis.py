"""By which margins claims are decided."""

from pydantic import Field, NonNegativeFloat

from showhow.recipes.described import Described
from showhow.recipes.names import ClaimName


class AnalysisSettings(Described):
    """By which margins claims are decided."""

    margins: dict[ClaimName, NonNegativeFloat] = Field(
        {},
        description="How much counts, by the claim's id and in its unit, in place of the claim's "
        "own margin. State it before the data (make register).",
    )
