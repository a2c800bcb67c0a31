"""What the replies of two branches were made with, where that is not the same."""

from collections.abc import Iterable, Sequence

from conduit_tui.core.message import Message
from conduit_tui.core.param_words import short_words
from conduit_tui.core.params import SAMPLING, Params
from conduit_tui.tui.widgets.entry import Entry

_ALIKE = "same model and settings"


def differences(left: Sequence[Entry], right: Sequence[Entry]) -> tuple[str, str]:
    """Return what differs as each side has it: `sonnet · temp 0.2` and `gpt · temp 0.9`.

    Nothing while one of them has no reply.
    """
    one, other = _first_reply(left), _first_reply(right)
    if one is None or other is None:
        return "", ""
    of_left, of_right = _words(one, other), _words(other, one)
    return (of_left, of_right) if of_left or of_right else (_ALIKE, _ALIKE)


def _first_reply(entries: Iterable[Entry]) -> Message | None:
    """The reply that tells what a branch was made with."""
    return next((each.message for each in entries if each.message.role == "assistant"), None)


def _words(mine: Message, other: Message) -> str:
    words: list[str] = []
    if mine.model != other.model:
        words.append(mine.model or "model")
    if mine.is_by_hand:
        words.append("edited by you")
    if mine.params == other.params or mine.is_by_hand or other.is_by_hand:
        return " · ".join(words)
    words += _sampled(mine.params, other.params)
    if mine.params.system_prompt != other.params.system_prompt:
        words.append("other system prompt" if mine.params.system_prompt else "no system prompt")
    words += [f"+{tool}" for tool in mine.params.tools if tool not in other.params.tools]
    words += [f"skill {name}" for name in mine.params.skills if name not in other.params.skills]
    return " · ".join(words)


def _sampled(mine: Params, other: Params) -> list[str]:
    """Settings with another value; what is left to the provider here is named by its name."""
    own, others = mine.sampling(), other.sampling()
    set_here = {name: value for name, value in own.items() if others.get(name) != value}
    left = [f"default {name}" for name in SAMPLING if name in others and name not in own]
    return [*short_words(Params().changed(set_here)), *left]
