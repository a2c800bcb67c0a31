"""What makes a message another one than its siblings, without asking a model.

An edit is told by the words it changed, a reply by what it was asked with:

    "in 3 bullets" → "to a child"      +notes.pdf      sonnet → gpt      temp 0.2 → 0.9
    system changed      tools +web -time      schema on
"""

import re
from collections.abc import Iterator

from conduit_tui.core.clean import clean_line
from conduit_tui.core.message import Message
from conduit_tui.core.param_words import PARAMETERS, in_words
from conduit_tui.core.params import Params
from conduit_tui.core.session import Session
from conduit_tui.core.word_change import change_words, in_quotes, likeness

ROOM = 48
MOST_LOOKED_AT = 16
"""Earlier siblings among which the most alike is looked for, besides the first."""
MOST_NAMES = 4
LONGEST_NAME = 32

_DATE = re.compile(r"(?:[-@]\d{8}|-\d{4}-\d\d-\d\d|:latest)$")


def edge_words(session: Session, message: Message, room: int = ROOM) -> str:
    """Say in at most `room` characters what changed against an earlier sibling, or nothing.

    An edit is held against the most alike of the earlier ones, also one of a reply; a reply that
    was asked for against the one before. Where that is too long, it says only what came anew:
    `→ gpt, temp 0.9`.
    """
    siblings = session.earlier_siblings(message, MOST_LOOKED_AT)
    earlier = [each for each in siblings if each.role == message.role]
    is_edit = message.role == "user" or message.is_by_hand
    if not is_edit:
        earlier = [each for each in earlier if not each.is_by_hand]
    if not earlier:
        return ""
    words = _edit(earlier, message, room) if is_edit else _reply(earlier[-1], message)
    if not is_edit and len(words) > room:
        words = _reply(earlier[-1], message, is_short=True)
    if len(words) <= room:
        return words
    return words[: room - 1].rstrip() + "…" if room > 0 else ""


def short_model(name: str) -> str:
    """A model's name without its maker's path, its maker's prefix and the date at its end."""
    base = name.rstrip("/").rpartition("/")[2]
    return _DATE.sub("", base).removeprefix("claude-") or name


def _edit(earlier: list[Message], message: Message, room: int) -> str:
    text = message.text
    other = max(reversed(earlier), key=lambda each: likeness(each.text, text))
    files = " ".join(_files(other, message))
    left = room - len(files) - 1 if files else room
    words = change_words(other.text, text, left)
    if files and not words and other.text.split() != text.split():
        words = in_quotes(text, left) if text.strip() else ""
    return f"{files} {words}".strip()


def _files(before: Message, after: Message) -> Iterator[str]:
    olds = {part.name: part.data for part in before.attachments}
    news = {part.name: part.data for part in after.attachments}
    yield from _came_and_went(tuple(olds), tuple(news))
    changed = [_name(name) for name in news if name in olds and olds[name] != news[name]]
    yield from (f"{name} changed" for name in changed[:MOST_NAMES])


def _reply(before: Message, after: Message, *, is_short: bool = False) -> str:
    params = _params(before.params, after.params, is_short=is_short)
    return ", ".join((*_models(before, after, is_short=is_short), *params))


def _models(before: Message, after: Message, *, is_short: bool) -> Iterator[str]:
    old, new = before.model or before.provider or "", after.model or after.provider or ""
    if old == new:
        old, new = before.provider or "", after.provider or ""
    if old and new and old != new:
        if short_model(old) != short_model(new):
            old, new = short_model(old), short_model(new)
        yield f"→ {_name(new)}" if is_short else f"{_name(old)} → {_name(new)}"


def _params(before: Params, after: Params, *, is_short: bool) -> Iterator[str]:
    olds, news = before.sampling(), after.sampling()
    for each in PARAMETERS:
        old, new = _name(in_words(olds.get(each.name))), _name(in_words(news.get(each.name)))
        if old != new:
            is_told = each.name in olds and each.name in news and not is_short
            change = f"{old} → {new}" if is_told else new
            yield f"{each.short} {change}"
    if (before.system_prompt or "") != (after.system_prompt or ""):
        yield "system changed"
    if names := " ".join(_came_and_went(before.tools, after.tools)):
        yield f"tools {names}"
    if names := " ".join(_came_and_went(before.skills, after.skills)):
        yield f"skills {names}"
    if before.schema != after.schema:
        yield _schema(before, after)
    if before.extra != after.extra:
        yield "extra changed"


def _schema(before: Params, after: Params) -> str:
    if before.schema is None:
        return "schema on"
    return "schema changed" if after.schema else "schema off"


def _came_and_went(before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[str]:
    signs = [f"+{_name(name)}" for name in after if name not in before]
    signs += [f"-{_name(name)}" for name in before if name not in after]
    yield from signs[:MOST_NAMES]
    if len(signs) > MOST_NAMES:
        yield "…"


def _name(text: str) -> str:
    text = " ".join(clean_line(text[: 4 * LONGEST_NAME]).split())
    return text if len(text) <= LONGEST_NAME else text[: LONGEST_NAME - 1] + "…"
