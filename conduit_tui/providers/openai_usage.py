"""Token counts of OpenAI's two wires, as our totals."""

from decimal import Decimal

from conduit_tui.core.json import Json
from conduit_tui.core.usage import Usage
from conduit_tui.providers.shapes import as_count, as_list, as_money, as_object, as_text

_TICKS_OF_A_DOLLAR = Decimal(10_000_000_000)


def usage_of(chunk: dict[str, Json]) -> Usage | None:
    """Return the usage a chunk reports, wherever it keeps it; None if it reports none."""
    places = (chunk, as_object(chunk.get("x_groq")), *map(as_object, as_list(chunk.get("choices"))))
    counts = next(filter(None, (as_object(one.get("usage")) for one in places)), None)
    if not counts:
        return None
    inputs = as_object(counts.get("prompt_tokens_details"))
    read = (
        inputs.get("cached_tokens")
        or counts.get("prompt_cache_hit_tokens")
        or counts.get("num_cached_tokens")
    )
    output, reasoning = _output(counts, as_text(chunk.get("model")))
    return Usage(
        input_tokens=as_count(counts.get("prompt_tokens")),
        output_tokens=output,
        cache_read_tokens=as_count(read),
        cache_write_tokens=as_count(inputs.get("cache_write_tokens")),
        reasoning_tokens=reasoning,
        cost_usd=_cost(counts),
    )


def responses_usage_of(response: dict[str, Json]) -> Usage | None:
    """Return the usage that a response of the Responses wire ends with; None if it has none."""
    counts = as_object(response.get("usage"))
    if not counts:
        return None
    inputs = as_object(counts.get("input_tokens_details"))
    outputs = as_object(counts.get("output_tokens_details"))
    return Usage(
        input_tokens=as_count(counts.get("input_tokens")),
        output_tokens=as_count(counts.get("output_tokens")),
        cache_read_tokens=as_count(inputs.get("cached_tokens")),
        cache_write_tokens=as_count(inputs.get("cache_write_tokens")),
        reasoning_tokens=as_count(outputs.get("reasoning_tokens")),
        cost_usd=_cost(counts),
    )


def _cost(counts: dict[str, Json]) -> Decimal | None:
    """Dollars, where the server says what it charges.

    OpenRouter gives a number, Perplexity an object with a total, which is zero until the end, and
    xAI ten-billionths.
    """
    cost = counts.get("cost")
    if isinstance(cost, dict):
        cost = cost.get("total_cost") or None
    if (dollars := as_money(cost)) is not None:
        return dollars
    ticks = as_money(counts.get("cost_in_usd_ticks"))
    return None if ticks is None else ticks / _TICKS_OF_A_DOLLAR


def _output(counts: dict[str, Json], model: str) -> tuple[int, int]:
    """The output with its reasoning, and the reasoning alone.

    Most count both together. xAI counts them apart, which its total shows. Google leaves the
    thoughts of its Gemini models to the total. Perplexity's deep research names its reasoning
    beside the answer, which is shorter.
    """
    details = as_object(counts.get("completion_tokens_details"))
    inside, beside = as_count(details.get("reasoning_tokens")), counts.get("reasoning_tokens")
    reasoning = inside or as_count(beside)
    output = as_count(counts.get("completion_tokens"))
    more = as_count(counts.get("total_tokens")) - as_count(counts.get("prompt_tokens")) - output
    if not reasoning and more > 0 and "gemini" in model.lower():
        return output + more, more
    is_apart = more == reasoning or (not inside and reasoning > output)
    return (output + reasoning if is_apart else output), reasoning
