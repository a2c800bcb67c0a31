"""What OpenAI's models take, by name: its list of models says nothing but their names.

https://platform.openai.com/docs/guides/reasoning
"""

import re

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
from conduit_tui.providers.addresses import is_azure_host, is_openai_host

_REASONING = re.compile(
    r"(?:ft:)?(?:o[1-9]\b|gpt-(?:[5-9]|\d\d)\b|codex\b|computer-use\b)", re.IGNORECASE
)
_NO_REASONING = re.compile(
    r"chat-latest|-search\b|audio|realtime|image|tts|transcribe", re.IGNORECASE
)
_OLD = re.compile(r"(?:ft:)?(?:gpt-[34]|chatgpt)", re.IGNORECASE)

_REFUSED_BY_REASONING = frozenset({"temperature", "top_p", "stop"})


def is_openai(endpoint: Endpoint, model: str) -> bool:
    """Whether a model is OpenAI's own, at its host, at Azure or through a gateway.

    The provider `openai` may be moved to any server by OPENAI_BASE_URL; it is taken for a gateway
    where the model's name is that of a reasoning model, which servers of other models do not have.
    """
    if is_openai_host(endpoint.base_url) or is_azure_host(endpoint.base_url):
        return True
    return endpoint.name == "openai" and has_reasoning_name(model)


def has_reasoning_name(model: str) -> bool:
    """Whether OpenAI calls its reasoning models so: o-series, gpt-5 and later, codex."""
    return bool(_REASONING.match(model)) and not _NO_REASONING.search(model)


def reasons(facts: ModelFacts) -> bool:
    """Whether a model of OpenAI's reasons: by what is known of it, else by its name."""
    known = facts.can("reasoning")
    return has_reasoning_name(facts.name) if known is None else known


def may_reason(request: Request, endpoint: Endpoint) -> bool:
    """Whether fields for reasoning may be sent: OpenAI refuses them to models that have none."""
    known = request.known.can("reasoning")
    if known is not None or is_openai(endpoint, request.model):
        return reasons(request.known)
    return not _OLD.match(request.model)


def refused_params(request: Request, endpoint: Endpoint) -> frozenset[str]:
    """The fields of Params that the model would answer with an error; they are not sent.

    Reasoning models take a temperature only while they do not reason.
    """
    refused = request.known.refuses
    if not is_openai(endpoint, request.model) or not reasons(request.known):
        return refused
    if request.params.effort == "none":
        return refused | {"stop"}
    return refused | _REFUSED_BY_REASONING


def wants_responses(facts: ModelFacts, endpoint: Endpoint) -> bool:
    """Whether a model of the provider `openai` is asked by the Responses wire.

    Summaries of OpenAI's reasoning exist only there, and some models (pro, deep research, codex)
    answer only there. Other hosts under the same name mostly know the chat wire alone.
    """
    return is_openai_host(endpoint.base_url) and reasons(facts)
