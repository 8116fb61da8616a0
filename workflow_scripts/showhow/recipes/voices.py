"""The names of the two voices in which the steps of any task can be said."""

from typing import Literal

VoiceName = Literal["a", "b"]
VOICES: tuple[VoiceName, ...] = ("a", "b")


def other(voice: VoiceName) -> VoiceName:
    """Give the voice that is not this one."""
    return "b" if voice == "a" else "a"
