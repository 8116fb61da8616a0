"""The language models that write responses, and how they are reached."""

from typing import Annotated, Literal

from pydantic import Field, NonNegativeFloat, NonNegativeInt, PositiveFloat, PositiveInt

from showhow.recipes.described import Described
from showhow.recipes.names import WritingModel


class Price(Described):
    """What an endpoint charges, in whatever currency, for a million tokens."""

    prompt: NonNegativeFloat = Field(description="The price of a million tokens that are sent.")
    completion: NonNegativeFloat = Field(
        description="The price of a million tokens that are written."
    )


class Service(Described):
    """How an endpoint is reached; nothing here changes what is written."""

    url: str = Field(
        "https://api.openai.com/v1",
        pattern=r"^https?://",
        description="The address of an OpenAI-compatible endpoint, up to and with /v1.",
    )
    key_variable: str | None = Field(
        None,
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        description="The environment variable with the key; null for a server that wants none. "
        "The key itself belongs into no file.",
    )
    concurrency: PositiveInt = Field(8, description="Requests that are under way at once.")
    requests_per_minute: PositiveInt | None = Field(
        None, description="The most requests that begin in a minute, repeated ones included."
    )
    timeout_seconds: PositiveFloat = Field(120.0, description="How long one reply may take.")
    retries: NonNegativeInt = Field(
        8,
        description="How often a request is repeated, each time after a longer pause, when the "
        "endpoint is busy (429), fails (5xx), stays silent, or drops the connection.",
    )
    length_key: Literal["max_tokens", "max_completion_tokens"] = Field(
        "max_tokens", description="What the server calls the longest response."
    )
    price: Price | None = Field(None, description="What it charges; null where nothing is paid.")
    budget: PositiveFloat | None = Field(
        None,
        description="The most that one variant of one task may cost, in the currency of the price; "
        "a request that could exceed it is not made.",
    )


class Writer(Described):
    """How a writer is asked."""

    temperature: NonNegativeFloat | None = Field(
        0.7,
        description="The temperature of what is written; at 0, asking again has no effect. null "
        "leaves it to the server (a model run here takes 1).",
    )
    max_new_tokens: PositiveInt = Field(
        1024, description="The longest response, in tokens; one that is cut off is asked again."
    )


class EndpointWriter(Writer):
    """A model behind an OpenAI-compatible endpoint."""

    kind: Literal["endpoint"] = Field(description="endpoint: any OpenAI-compatible server.")
    model: str = Field(min_length=1, description="The model's name, as the endpoint knows it.")
    service: Service = Field(
        Service(), description="How the endpoint is reached; it changes no result."
    )


class ModelWriter(Writer):
    """A model of this configuration, run here."""

    kind: Literal["model"] = Field(description="model: one of `models`, run on this machine.")
    model: WritingModel = Field(description="Its name under `models`.")
    batch_size: PositiveInt = Field(16, description="Responses that are written at once.")


WriterDescription = Annotated[EndpointWriter | ModelWriter, Field(discriminator="kind")]
