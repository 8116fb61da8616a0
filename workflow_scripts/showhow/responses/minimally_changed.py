"""The base's own answer, changed by a language model as little as makes it right."""

from showhow.responses.writing_templates import MINIMUM_CHANGE
from showhow.responses.written_variant import WriterSettings, WrittenVariant


class MinimallyChanged(WrittenVariant):
    """What the base answered rightly stays as it is, and is asked of nobody.

    For texts of any kind; where the tasks made here have steps, `minimum_change` repairs them
    without a writer.
    """

    kind = "minimally_changed"
    description = "The base's own answer, changed by a language model until it is right."
    for_base = True

    def own_template(self, settings: WriterSettings) -> str:
        return MINIMUM_CHANGE


VARIANT = MinimallyChanged()
