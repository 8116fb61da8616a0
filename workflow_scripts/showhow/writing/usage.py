"""What the responses of one variant took: requests, tokens, money."""

from collections.abc import Sequence
from dataclasses import dataclass

from showhow.base.errors import ShowhowError
from showhow.recipes.writers import Price, Service
from showhow.writing.asking import Outcome
from showhow.writing.record import Record, Reply, Request

PER_PRICE = 1_000_000


@dataclass(frozen=True)
class Usage:
    """asked: problems, of which some stayed without a right response. cost: None without a price.

    unasked: problems whose response was right before anybody was asked. wrong: replies that were
    asked again or left out; unended: those among them that were cut off or nonsense.
    """

    writer: str
    asked: int
    written: int
    left_out: int
    unasked: int
    requests: int
    wrong: int
    unended: int
    retries: int
    prompt_tokens: int
    completion_tokens: int
    cost: float | None


def usage_of(
    writer: str, outcomes: Sequence[Outcome], record: Record, price: Price | None
) -> Usage:
    """Sum up what the outcomes took, whenever and in however many attempts it was asked."""
    requests = [request for each in outcomes for request in each.requests]
    replies = [reply for request in requests if (reply := record.of(request))]
    answered = sum(bool(each.requests) and each.response is not None for each in outcomes)
    return Usage(
        writer=writer,
        asked=len(outcomes),
        written=sum(each.response is not None for each in outcomes),
        left_out=sum(each.response is None for each in outcomes),
        unasked=sum(not each.requests for each in outcomes),
        requests=len(replies),
        wrong=len(replies) - answered,
        unended=sum(not reply.ended for reply in replies),
        retries=sum(reply.retries for reply in replies),
        prompt_tokens=sum(reply.prompt_tokens for reply in replies),
        completion_tokens=sum(reply.completion_tokens for reply in replies),
        cost=round(cost_of(replies, price), 6) if price else None,
    )


def cost_of(replies: Sequence[Reply], price: Price) -> float:
    """Price replies, in the currency of the price."""
    sent = sum(reply.prompt_tokens for reply in replies)
    written = sum(reply.completion_tokens for reply in replies)
    return (sent * price.prompt + written * price.completion) / PER_PRICE


CHAT_TOKENS = 64
"""Room for what a chat format puts around a message."""


def most_tokens(text: str) -> int:
    """Give a number of tokens that no text exceeds: no tokenizer has more tokens than bytes."""
    return len(text.encode()) + CHAT_TOKENS


class Purse:
    """Keeps what is spent within a budget: the most that a request can cost is set aside first."""

    def __init__(self, service: Service, spent: Sequence[Reply]):
        self.price = service.price
        self.budget = service.budget
        self.spent = cost_of(spent, service.price) if service.price else 0.0
        self._set_aside = 0.0

    def set_aside(self, request: Request, max_new_tokens: int) -> float:
        """Give the most that the request can cost; raises ShowhowError where that is too much."""
        if self.price is None:
            return 0.0
        most = cost_of([Reply("", False, most_tokens(request.text), max_new_tokens)], self.price)
        if self.budget is not None and self.spent + self._set_aside + most > self.budget:
            raise ShowhowError(
                f"The budget of {self.budget:g} is used up: {self.spent:.4f} is spent, and the "
                f"next request could cost {most:.4f}. What is written is kept; raise the writer's "
                "service.budget and start again, or ask for fewer training examples."
            )
        self._set_aside += most
        return most

    def settle(self, set_aside: float, reply: Reply | None) -> None:
        """Take the reply's cost in place of what was set aside; None where there was no reply."""
        self._set_aside -= set_aside
        if self.price is not None and reply is not None:
            self.spent += cost_of([reply], self.price)
