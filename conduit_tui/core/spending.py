"""What was used and what it cost, added up."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeAlias

from conduit_tui.core.message import REPLAY_OF, Message
from conduit_tui.core.usage import Usage

Grouping: TypeAlias = Literal["provider", "model", "day", "host", "session"]
GROUPINGS: tuple[Grouping, ...] = ("provider", "model", "day", "host", "session")


@dataclass(frozen=True, slots=True)
class Spending:
    """Usage of a number of replies; `cost_usd` is of those whose price is known.

    `unpriced` counts the replies of unknown price: they are not free, and no sum holds them.
    """

    replies: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_usd: Decimal = Decimal(0)
    unpriced: int = 0

    def __add__(self, other: "Spending") -> "Spending":
        return Spending(
            self.replies + other.replies,
            self.usage + other.usage,
            self.cost_usd + other.cost_usd,
            self.unpriced + other.unpriced,
        )

    @property
    def has_price(self) -> bool:
        """Whether the price of any reply is known."""
        return self.unpriced < self.replies


@dataclass(frozen=True, slots=True)
class SpendingRow:
    """One group of an account: what servers reported, and apart from it what was estimated.

    `key` tells groups apart, `label` is what a person calls this one.
    """

    key: str
    label: str
    recorded: Spending
    estimated: Spending

    @property
    def total(self) -> Spending:
        """Recorded and estimated together; its usage is marked if any of it is estimated."""
        return self.recorded + self.estimated


@dataclass(frozen=True, slots=True)
class Account:
    """Everything that was used since some time, in groups."""

    by: Grouping
    rows: tuple[SpendingRow, ...]

    @property
    def recorded(self) -> Spending:
        """What servers reported, of all groups."""
        return sum((row.recorded for row in self.rows), Spending())

    @property
    def estimated(self) -> Spending:
        """What was estimated, of all groups."""
        return sum((row.estimated for row in self.rows), Spending())

    @property
    def total(self) -> Spending:
        """Both together."""
        return self.recorded + self.estimated


def used_nothing(message: Message) -> bool:
    """Whether a reply was given again from a cache, or copied: what it used counts elsewhere."""
    data = message.provider_data
    return message.copy_of is not None or (isinstance(data, dict) and REPLAY_OF in data)


def spent_on(messages: Iterable[Message]) -> Spending:
    """Add up the replies among some messages."""
    spending = Spending()
    for message in messages:
        if message.usage is not None and not used_nothing(message):
            cost = message.cost_usd
            spending += Spending(1, message.usage, cost or Decimal(0), int(cost is None))
    return spending
