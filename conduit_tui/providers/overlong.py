"""How many tokens a conversation has and how many fit, out of the vendors' sentences.

A sentence names up to four numbers in any order, with or without thousands separators.
"""

import re

from conduit_tui.core.json import Json
from conduit_tui.providers.shapes import as_count, as_object

_N = r"(\d{1,3}(?:[,._'\u00a0\u202f ]\d{3})+(?!\d)|\d{1,12})\b"

_BOTH = tuple(
    re.compile(pattern.replace("#", _N), re.IGNORECASE)
    for pattern in (
        r"# tokens? > # maximum",  # Anthropic
        r"length:?(?: is)? # while limit is #",  # Cerebras
        r"token count (?:of )?\(?#\)? exceeds [^\d]{0,60}\(?#",  # Google, GitHub
        r"request \(# tokens\) exceeds [^\d]{0,60}\(#",  # llama.cpp
        r"prompt is too long: #,[^\d]{0,40}length: #",  # Fireworks
        r"contains # tokens[^\d]{0,20}\d* ?[a-z ,]{0,60}with # maximum",  # Mistral
        r"first # tokens when [^\d]{0,120}only #",  # LM Studio
        r"\(length #\)[^\d]{0,60}length of #",  # vLLM
        r"length #\)[^\d]{0,60}\(?context length #",
    )
)
_SUM = re.compile(f"{_N} \\+ {_N} > {_N}")  # Anthropic: input + max_tokens > limit
_WINDOW = tuple(
    re.compile(pattern.replace("#", _N), re.IGNORECASE)
    for pattern in (
        r"(?:maximum|max|model's|configured)[\w ']{0,30}(?:length|limit|window|size)"
        r"(?: is| of|:)* #",
        r"limit for this model is #",
        r"maximum number of tokens allowed \(?#",
        r"must be <= #",
        r"context (?:length|window|size) (?:is|of) (?:only )?#",
    )
)
_TOKENS = tuple(
    re.compile(pattern.replace("#", _N), re.IGNORECASE)
    for pattern in (
        r"for a total of (?:at least )?#",
        r"(?:resulted in|requested|request contains|request has|about) (?:about )?# (?:input )?tok",
        r"(?:contains|has) (?:at least )?# (?:input )?tokens",
        r"given: # `inputs`",
        r"# tokens exceed",
    )
)


def overlong(words: str, error: Json) -> tuple[int | None, int | None]:
    """Return tokens asked for and tokens that fit, as far as a refusal tells; else None.

    llama.cpp puts both into fields of its error.
    """
    fields = as_object(error)
    counts = as_count(fields.get("n_prompt_tokens")), as_count(fields.get("n_ctx"))
    if all(counts):
        return counts
    if found := _SUM.search(words):
        return _number(found[1]) + _number(found[2]), _number(found[3])
    for pattern in _BOTH:
        if found := pattern.search(words):
            return _number(found[1]), _number(found[2])
    return _first(_TOKENS, words), _first(_WINDOW, words)


def _first(patterns: tuple[re.Pattern[str], ...], words: str) -> int | None:
    found = next(filter(None, (pattern.search(words) for pattern in patterns)), None)
    return _number(found[1]) if found else None


def _number(digits: str) -> int:
    return int(re.sub(r"\D", "", digits))
