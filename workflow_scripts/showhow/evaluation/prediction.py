"""What a model wrote."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Prediction:
    """What a model wrote for one problem; `truncated` when the token limit came before its end."""

    id: str
    prompt: str
    prediction: str
    truncated: bool
    generated_tokens: int
