"""Variants whose responses a language model is asked to write (rules/writing.smk)."""

from abc import abstractmethod
from typing import ClassVar

from pydantic import Field, PositiveInt

from showhow.recipes.names import VariantName, WriterName
from showhow.responses.response import AnyVariant, VariantSettings
from showhow.responses.writing_templates import fields_of


class WriterSettings(VariantSettings):
    """Who writes, and how often it is asked."""

    writer: WriterName = Field(description="The writer, by its name under `writers`.")
    reference: VariantName | None = Field(
        None,
        description="The variant whose responses the writer starts from. Evaluation splits have "
        "its responses: only their length counts. null: the question is all that the writer gets.",
    )
    attempts: PositiveInt = Field(
        3,
        description="How often a problem is asked until the response has the right answer; then it "
        "is left out, and counted.",
    )
    spare_share: float = Field(
        0.2,
        ge=0,
        description="Further training problems that may be asked in the place of those left out, "
        "as a share of the training examples.",
    )
    template: str | None = Field(
        None,
        description="What the writer is told, in place of the manner's own words; it may hold "
        "{question}, {reference}, {answer}, {base_answer} and {ending}, how the text has to end.",
    )


class WrittenVariant(AnyVariant):
    """A variant of which a writer is asked.

    for_base: whether what it writes depends on the base that is to learn from it.
    """

    Settings: ClassVar[type[WriterSettings]] = WriterSettings
    for_base: ClassVar[bool] = False

    @abstractmethod
    def own_template(self, settings: WriterSettings) -> str:
        """Give what the writer is told where the settings have no template of their own."""

    def template(self, settings: WriterSettings) -> str:
        """Give what the writer is told, with its fields."""
        return settings.template or self.own_template(settings)

    def needs_reference(self, settings: WriterSettings) -> bool:
        """Say whether the writer starts from a response to the same problem."""
        return "reference" in fields_of(self.template(settings))
