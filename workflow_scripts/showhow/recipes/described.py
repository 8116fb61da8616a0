"""What all parts of the configuration have in common."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
Precision = Literal["auto", "fp32", "bf16"]


class Described(BaseModel):
    """A part of the configuration: unknown keys are errors, and values never change."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Recipe(Described):
    """Settings with a default each, of which a model may override some."""

    def overridden_by(self, override: Self | None) -> Self:
        """Return this recipe with the keys that were written down in `override`."""
        if override is None:
            return self
        return self.model_copy(
            update={key: getattr(override, key) for key in override.model_fields_set}
        )
