"""What is known of Gemini's models: by their names, and by Google's own list of them.

https://ai.google.dev/api/models, https://ai.google.dev/gemini-api/docs/thinking
"""

import re
from collections.abc import Iterator
from urllib.parse import quote

from conduit_tui.core.json import Json
from conduit_tui.core.model_facts import Ability, ModelFacts, ThinkingStyle
from conduit_tui.core.request import Request
from conduit_tui.providers.shapes import as_count, as_list, as_object, as_text

_RESOURCES = ("models/", "tunedModels/")
_VERSION = re.compile(r"gemini-(\d+)(?:\.(\d+))?")
_THINKS_NOT = re.compile(r"-(?:tts|image|live|native-audio|embedding)|image-generation")
_BUDGETS = {
    "none": 0,
    "minimal": 1024,
    "low": 1024,
    "medium": 8192,
    "high": 24576,
    "xhigh": 24576,
    "max": 24576,
}
"""What Google's own OpenAI-compatible endpoint makes of an effort, for models before Gemini 3."""

_LEAST_OF_PRO = 128
_LEVELS = {"none": "minimal", "max": "high"}


def resource(model: str) -> str:
    """The name of a model as it stands in addresses: `models/` in front, if nothing does."""
    return model if model.startswith(_RESOURCES) else f"models/{model}"


def path_of(model: str, method: str) -> str:
    """The address of a method of a model, below the version of the API."""
    return f"{quote(resource(model), safe='/')}:{method}"


def is_from(model: str, version: float) -> bool:
    """Whether a Gemini is of some version or later; those without number are the latest."""
    name = resource(model).partition("/")[2]
    if found := _VERSION.match(name):
        return float(f"{found[1]}.{found[2] or 0}") >= version
    return name.startswith("gemini-")


def takes_system_instruction(model: str) -> bool:
    """Gemma 3 answers 400 to a system instruction, its successors take it."""
    return not resource(model).startswith("models/gemma-3")


def thinking_config(request: Request) -> Json:
    """Return `thinkingConfig`; None for a model that cannot think, which would refuse it.

    Gemini 3 takes a level, its predecessors a budget of tokens; both at once are refused.
    """
    params, model = request.params, request.model
    is_asked = params.effort is not None or params.thinking_tokens is not None
    if not (is_asked or _thinks(request)):
        return None
    has_levels = request.known.thinking == "adaptive" or (
        request.known.thinking != "budget" and is_from(model, 3)
    )
    if has_levels and params.effort:
        level = _LEVELS.get(params.effort, params.effort)
        if params.effort == "max" and request.known.efforts:
            level = request.known.efforts[-1]
        return {"includeThoughts": True, "thinkingLevel": level.upper()}
    budget = params.thinking_tokens
    if budget is None and params.effort:
        budget = _BUDGETS.get(params.effort)
        if budget == 0 and "-pro" in model:
            budget = _LEAST_OF_PRO
    given: dict[str, Json] = {} if budget is None else {"thinkingBudget": budget}
    return {"includeThoughts": budget != 0, **given}


def listed_models(pages: list[Json]) -> Iterator[ModelFacts]:
    """Return the models in the pages of a list that can generate content."""
    for page in pages:
        for item in map(as_object, as_list(as_object(page).get("models"))):
            methods = item.get("supportedGenerationMethods")
            if as_text(item.get("name")) and (
                not isinstance(methods, list) or "generateContent" in methods
            ):
                yield _facts(item)


def _facts(item: dict[str, Json]) -> ModelFacts:
    name = as_text(item.get("name")).removeprefix("models/")
    thinks: frozenset[Ability] = frozenset({"reasoning"})
    is_thinking = item.get("thinking")
    return ModelFacts(
        name=name,
        context_window=as_count(item.get("inputTokenLimit")) or None,
        max_output_tokens=as_count(item.get("outputTokenLimit")) or None,
        has=thinks if is_thinking is True else frozenset(),
        lacks=thinks if is_thinking is False else frozenset(),
        thinking=_style(name) if is_thinking is True else "",
        title=as_text(item.get("displayName")),
    )


def _style(model: str) -> ThinkingStyle:
    return "adaptive" if is_from(model, 3) else "budget"


def _thinks(request: Request) -> bool:
    known = request.known.can("reasoning")
    if known is not None:
        return known
    return is_from(request.model, 2.5) and not _THINKS_NOT.search(request.model)
