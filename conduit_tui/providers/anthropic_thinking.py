"""How a Claude model is asked to think, how much it may write, and what it samples with.

https://platform.claude.com/docs/en/build-with-claude/thinking. Models since 4.6 decide by
themselves how much to think, steered by an effort; those before get a budget of tokens, which
must be smaller than `max_tokens`.
"""

from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.params import Params
from conduit_tui.providers.claude import thinks_unasked

DEFAULT_MAX_TOKENS = 8_192
"""For models of which nothing is known; the wire insists on a number."""

SMALLEST_BUDGET = 1_024
_ROOM_FOR_THE_ANSWER = 8_192
_BUDGETS = {
    "minimal": SMALLEST_BUDGET,
    "low": 4_096,
    "medium": 8_192,
    "high": 16_384,
    "xhigh": 32_768,
    "max": 60_000,
}
_NO_EFFORT = {"none", "off"}


def generation_fields(params: Params, facts: ModelFacts, *, may_think: bool) -> dict[str, Json]:
    """Return max_tokens, thinking, output_config and sampling fields.

    `may_think` is False where the conversation does not allow a budget for thinking.
    """
    limit = params.max_tokens or facts.max_output_tokens or DEFAULT_MAX_TOKENS
    fields: dict[str, Json] = {"max_tokens": limit}
    if facts.thinking == "adaptive":
        fields |= _adaptive(params, facts)
    elif may_think:
        fields |= _with_budget(limit, params, facts)
    return fields if "thinking" in fields else fields | _sampling(params, facts)


def _adaptive(params: Params, facts: ModelFacts) -> dict[str, Json]:
    """Thinking shown as summaries; models that think unasked would otherwise keep it back."""
    effort, always = _effort(params), thinks_unasked(facts.name)
    if effort in _NO_EFFORT:  # the newest models cannot but think
        return {"output_config": {"effort": "low"}} if always else {}
    if not effort and not always:
        return {}
    fields: dict[str, Json] = {"thinking": {"type": "adaptive", "display": "summarized"}}
    if effort:
        fields["output_config"] = {"effort": effort}
    return fields


def _effort(params: Params) -> str:
    """The effort as a word of this wire; a budget comes to one where only efforts are known."""
    if params.effort:
        return "low" if params.effort == "minimal" else params.effort
    if params.thinking_tokens is None:
        return ""
    if params.thinking_tokens <= 0:
        return "none"
    words = ("low", "medium")  # every model that takes efforts takes these, and high
    return next((word for word in words if params.thinking_tokens <= _BUDGETS[word]), "high")


def _with_budget(limit: int, params: Params, facts: ModelFacts) -> dict[str, Json]:
    budget = params.thinking_tokens
    if budget is None:
        budget = _BUDGETS.get(params.effort or "", 0)
    if budget <= 0 or facts.can("reasoning") is False:
        return {}
    budget = max(budget, SMALLEST_BUDGET)
    if params.max_tokens is None:
        most = facts.max_output_tokens
        limit = max(limit, budget + _ROOM_FOR_THE_ANSWER)
        limit = min(limit, most) if most else limit
    if budget >= limit:
        budget = max(limit // 2, SMALLEST_BUDGET)
    if budget >= limit:  # no room to think in
        return {}
    return {"max_tokens": limit, "thinking": {"type": "enabled", "budget_tokens": budget}}


def _sampling(params: Params, facts: ModelFacts) -> dict[str, Json]:
    """What was asked for and is not refused. Newer models take one of the two, not both."""
    given = {"temperature": params.temperature, "top_p": params.top_p}
    kept = {
        name: value
        for name, value in given.items()
        if value is not None and name not in facts.refuses
    }
    if len(kept) > 1:
        del kept["top_p"]
    return dict(kept)
