"""The right steps in the base's own voice."""

from showhow.recipes.voices import VoiceName
from showhow.responses.voiced import Voiced
from showhow.tasks.voices import Manner, own_manner


class Familiar(Voiced):
    kind = "familiar"
    description = "The right steps in the voice that the base was pretrained on."

    def manner(self, own_voice: VoiceName) -> Manner:
        return own_manner(own_voice)


VARIANT = Familiar()
