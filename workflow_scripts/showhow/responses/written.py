"""A response that a language model is asked to write."""

from pydantic import Field

from showhow.responses.writing_templates import TEMPLATES, Manner
from showhow.responses.written_variant import WriterSettings, WrittenVariant


class WrittenSettings(WriterSettings):
    """In which manner the writer writes."""

    manner: Manner = Field(
        "reasoning",
        description="reasoning (from the question alone), or from the reference's response: "
        "step_by_step, own_words, more_detail (its wording kept) or paraphrase.",
    )


class WrittenAsTold(WrittenVariant):
    kind = "written"
    description = "A language model's response, kept where its answer is right."
    Settings = WrittenSettings

    def own_template(self, settings: WrittenSettings) -> str:
        return TEMPLATES[settings.manner]


VARIANT = WrittenAsTold()
