"""Token counts as a provider reported them."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one generation, all counts as totals whatever the vendor's own habit.

    `input_tokens` includes cache reads and writes (Anthropic's own figure does not);
    `output_tokens` includes reasoning (Gemini's own figure does not). `cost_usd` is what the
    provider itself says it charges, where it does. `is_estimated` marks counts that no provider
    reported. `apart` names what has a price of its own: tokens among the totals (of images, of
    sound) and what is no token at all (searches), by the names that genai-prices has for them.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    reasoning_tokens: int = 0
    cost_usd: Decimal | None = None
    is_estimated: bool = False
    apart: tuple[tuple[str, int], ...] = ()

    @property
    def total_tokens(self) -> int:
        """Input and output together."""
        return self.input_tokens + self.output_tokens

    def __add__(self, other: "Usage") -> "Usage":
        """Add the usage of another generation (never of a cumulative report of the same one)."""
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cache_read_tokens + other.cache_read_tokens,
            self.cache_write_tokens + other.cache_write_tokens,
            self.reasoning_tokens + other.reasoning_tokens,
            _sum(self.cost_usd, other.cost_usd),
            self.is_estimated or other.is_estimated,
            _together(self.apart, other.apart),
        )


def _sum(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """Both costs together; of one that is unknown, nothing can be said."""
    return None if one is None or other is None else one + other


def _together(
    one: tuple[tuple[str, int], ...], other: tuple[tuple[str, int], ...]
) -> tuple[tuple[str, int], ...]:
    counts = dict(one)
    for name, count in other:
        counts[name] = counts.get(name, 0) + count
    return tuple(counts.items())
