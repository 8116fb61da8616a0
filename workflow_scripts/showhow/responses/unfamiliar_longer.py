"""The other voice with more detail: does detail make up for what is unfamiliar?"""

from showhow.recipes.voices import VoiceName, other
from showhow.responses.voiced import Voiced
from showhow.tasks.voices import Manner


class UnfamiliarLonger(Voiced):
    kind = "unfamiliar_longer"
    description = "The other voice; each step names its operands first and its result once more."

    def manner(self, own_voice: VoiceName) -> Manner:
        return Manner(other(own_voice), other(own_voice), detailed=True)


VARIANT = UnfamiliarLonger()
