"""Why Gemini ended an answer, or gave none, in our words and in sentences.

https://ai.google.dev/api/generate-content#FinishReason, and #BlockReason
"""

from collections.abc import Iterable

from conduit_tui.core.json import Json
from conduit_tui.providers.shapes import as_list, as_object, as_text

_REASONS = {"STOP": "end_turn", "MAX_TOKENS": "max_tokens"}
_FILTERS = {
    "SAFETY": "safety",
    "RECITATION": "it would have recited a source",
    "BLOCKLIST": "a word on a blocklist",
    "PROHIBITED_CONTENT": "prohibited content",
    "SPII": "sensitive personal data",
    "IMAGE_SAFETY": "safety of images",
    "IMAGE_PROHIBITED_CONTENT": "prohibited content of an image",
    "IMAGE_RECITATION": "an image would have copied a source",
    "MODEL_ARMOR": "Model Armor",
    "JAILBREAK": "an attempt to break its rules",
    "ESCALATION": "an escalation rule",
}
_FAILURES = {
    "LANGUAGE": "the language is not supported",
    "OTHER": "no reason was given",
    "IMAGE_OTHER": "no reason was given",
    "NO_IMAGE": "the model made no image",
    "MALFORMED_FUNCTION_CALL": "the model wrote a tool call that cannot be read",
    "MALFORMED_RESPONSE": "the model wrote something that cannot be read",
    "UNEXPECTED_TOOL_CALL": "the model called a tool that was not offered",
    "TOO_MANY_TOOL_CALLS": "the model called too many tools",
    "MISSING_THOUGHT_SIGNATURE": "the request lacks the signature of a thought",
    "PUP_LIMITED_DISABLED": "the account is limited or disabled",
}
_UNSPECIFIED = ("", "FINISH_REASON_UNSPECIFIED", "BLOCK_REASON_UNSPECIFIED")
_LIKELY = {"HIGH", "MEDIUM"}


def finish_word(value: Json) -> str:
    """Return Google's word for an end; nothing while there is none."""
    word = as_text(value)
    return "" if word in _UNSPECIFIED else word


def reason_of(word: str) -> str:
    """Return our word for Google's; one that is unknown stays, in small letters."""
    return _REASONS.get(word) or ("content_filter" if word in _FILTERS else word.lower())


def no_answer(word: str, message: str, ratings: Json) -> str:
    """Say why an answer ended before it began; nothing for an ordinary end."""
    if word in _REASONS:
        return ""
    return _sentence("Google gave no answer", word, message, ratings)


def blocked_prompt(word: str, message: str, ratings: Json) -> str:
    """Say why a prompt was not passed to the model."""
    return _sentence("Google blocked this prompt", word, message, ratings)


def _sentence(what: str, word: str, message: str, ratings: Json) -> str:
    why = _FILTERS.get(word) or _FAILURES.get(word, "")
    because = f"{why} ({word})" if why else word
    harms = f", {' and '.join(found)}" if (found := list(_harms(ratings))) else ""
    said = f" It says: {message}" if message else ""
    return f"{what}: {because}{harms}.{said}"


def _harms(ratings: Json) -> Iterable[str]:
    """The categories behind a filter, such as `dangerous content`."""
    for rating in map(as_object, as_list(ratings)):
        if rating.get("blocked") is True or as_text(rating.get("probability")) in _LIKELY:
            category = as_text(rating.get("category")).removeprefix("HARM_CATEGORY_")
            if category:
                yield category.lower().replace("_", " ")
