"""The right steps in the voice that is not the base's own."""

from showhow.recipes.voices import VoiceName, other
from showhow.responses.voiced import Voiced
from showhow.tasks.voices import Manner, own_manner


class Unfamiliar(Voiced):
    kind = "unfamiliar"
    description = "The same steps in the other voice: other words and order, as many tokens."

    def manner(self, own_voice: VoiceName) -> Manner:
        return own_manner(other(own_voice))


VARIANT = Unfamiliar()
