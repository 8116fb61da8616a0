"""How intervals are computed."""

from pydantic import Field, NonNegativeInt, PositiveInt

from showhow.recipes.described import Described


class AnalysisSettings(Described):
    """How intervals are computed."""

    resamples: PositiveInt = Field(
        2000, description="Resamples of the hierarchical bootstrap over seeds and items."
    )
    seed: NonNegativeInt = Field(0, description="Seed of the bootstrap.")
