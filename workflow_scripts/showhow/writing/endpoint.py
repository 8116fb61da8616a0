"""Asking an OpenAI-compatible endpoint: several requests at once, repeated where it fails."""

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import openai
from openai import AsyncOpenAI
from pydantic import AliasPath, BaseModel, Field, ValidationError
from throttler import Throttler
from tqdm import tqdm

from showhow.base.errors import ShowhowError
from showhow.recipes.writers import EndpointWriter, Service
from showhow.writing.record import Reply, Request
from showhow.writing.usage import Purse, most_tokens

# The client's own lines, one a request, would hide everything else in a job's log.
for library in ("httpx", "httpx2", "openai"):
    logging.getLogger(library).setLevel(logging.WARNING)

SECONDS_PER_MINUTE = 60
UNENDED = ("length", "content_filter")


@dataclass(frozen=True)
class Usage:
    """The tokens that a server counted."""

    prompt_tokens: int
    completion_tokens: int


class Completion(BaseModel):
    """What is read of a reply; the client itself would take any JSON for one."""

    text: str | None = Field(validation_alias=AliasPath("choices", 0, "message", "content"))
    finish_reason: str | None = Field(
        None, validation_alias=AliasPath("choices", 0, "finish_reason")
    )
    usage: Usage | None = None


def key_of(service: Service) -> str:
    """Read the endpoint's key from the environment; raises ShowhowError where it is not there."""
    if service.key_variable is None:
        return "none"
    key = os.environ.get(service.key_variable, "")
    if not key:
        raise ShowhowError(
            f"The environment variable {service.key_variable} with the key for {service.url} is "
            f"not set; set it in the shell that starts the workflow, and write the key into no "
            "file. A server that wants no key has `key_variable: null`."
        )
    return key


class Endpoint:
    """A model behind an endpoint. The client repeats requests itself, with growing pauses."""

    def __init__(self, writer: EndpointWriter, purse: Purse):
        self.writer = writer
        self.service = writer.service
        self.purse = purse
        self.key = key_of(self.service)
        per_minute = self.service.requests_per_minute
        self.pace = Throttler(per_minute, SECONDS_PER_MINUTE) if per_minute else None

    def ask_many(self, requests: Sequence[Request], add: Callable[[Request, Reply], None]) -> None:
        """Make all requests; `add` is called with each reply as soon as it is there.

        Raises ShowhowError when the endpoint refuses, stays away, or would exceed the budget; what
        was under way then is still waited for, as it is paid for.
        """
        asyncio.run(self._ask_many(requests, add))

    async def _ask_many(
        self, requests: Sequence[Request], add: Callable[[Request, Reply], None]
    ) -> None:
        waiting = iter(requests)
        errors: list[ShowhowError] = []

        async def ask_in_turn(client: AsyncOpenAI, bar: tqdm) -> None:
            for request in waiting:
                if errors:
                    return
                try:
                    add(request, await self._ask(client, request))
                    bar.update()
                except ShowhowError as error:
                    errors.append(error)

        lanes = min(self.service.concurrency, len(requests))
        progress = tqdm(total=len(requests), desc="asking", unit="request", mininterval=2.0)
        async with self._client() as client:
            with progress as bar:
                await asyncio.gather(*(ask_in_turn(client, bar) for _ in range(lanes)))
        if errors:
            raise errors[0]

    def _client(self) -> AsyncOpenAI:
        async def in_turn(request: object) -> None:
            if self.pace is not None:
                async with self.pace:
                    return

        return AsyncOpenAI(
            api_key=self.key,
            base_url=self.service.url,
            timeout=self.service.timeout_seconds,
            max_retries=self.service.retries,
            http_client=openai.DefaultAsyncHttpxClient(event_hooks={"request": [in_turn]}),
        )

    async def _ask(self, client: AsyncOpenAI, request: Request) -> Reply:
        aside = self.purse.set_aside(request, self.writer.max_new_tokens)
        limit: dict[str, Any] = {self.service.length_key: self.writer.max_new_tokens}
        temperature = self.writer.temperature
        reply: Reply | None = None
        try:
            raw = await client.chat.completions.with_raw_response.create(
                model=self.writer.model,
                messages=[{"role": "user", "content": request.text}],
                temperature=openai.omit if temperature is None else temperature,
                **limit,
            )
            reply = self._reply(request, raw.text, raw.retries_taken)
            return reply
        except openai.APIError as problem:
            raise self._failure(problem) from problem
        finally:
            self.purse.settle(aside, reply)

    def _reply(self, request: Request, body: str, retries: int) -> Reply:
        """Read what the endpoint sent; anything that is no completion with a text is nonsense."""
        most = Usage(most_tokens(request.text), self.writer.max_new_tokens)
        try:
            sent = Completion.model_validate_json(body)
        except ValidationError:
            return Reply("", False, most.prompt_tokens, most.completion_tokens, retries)
        text, usage = sent.text or "", sent.usage or most
        ended = bool(text.strip()) and sent.finish_reason not in UNENDED
        return Reply(text, ended, usage.prompt_tokens, usage.completion_tokens, retries)

    def _failure(self, problem: openai.APIError) -> ShowhowError:
        """Say why an endpoint does not answer; the key is in none of these texts."""
        said = str(problem)
        if self.service.key_variable is not None:
            said = said.replace(self.key, "***")
        why = " ".join(said.split())[:300]
        if isinstance(problem, openai.AuthenticationError | openai.PermissionDeniedError):
            return ShowhowError(
                f"{self.service.url} refuses the key in {self.service.key_variable} ({why}); set "
                "another one. What is written is kept."
            )
        if isinstance(problem, openai.NotFoundError | openai.BadRequestError):
            return ShowhowError(
                f"{self.service.url} does not take a request to the model {self.writer.model} "
                f"({why}); correct the writer's model, url or settings. What is written is kept."
            )
        return ShowhowError(
            f"{self.service.url} did not answer, though asked {self.service.retries + 1} times "
            f"({type(problem).__name__}: {why}). What is written is kept: start again later, or "
            "raise the writer's service.retries or timeout_seconds."
        )
