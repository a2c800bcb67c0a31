"""The words in which changes of the tree are asked for and told."""

import re
from collections.abc import Iterable

from conduit_tui.core.amounts import counted, mark, money
from conduit_tui.core.structure import Loss
from conduit_tui.tui.keymap import Keymap

EMPTY = "This session is empty; send something first."
IN_TRASH = "That message is in the trash of this session; /pruned brings it back."

_FORK = re.compile(r" \(fork(?: (\d{1,4}))?\)$")


def messages(count: int) -> str:
    """A number of messages: `1 message`, `4,210 messages`."""
    return counted(count, "message", "messages")


def prune_question(loss: Loss, undo_key: str, *, of_others: bool = False) -> str:
    """What is asked before a pruning: what it would put out of sight, and how to get it back."""
    where = " outside this path" if of_others else ""
    cost = loss_words(loss)
    back = f"{undo_key} brings them back" if undo_key else "/undo brings them back"
    they = "It goes" if loss.messages == 1 else "They go"
    back = back.replace("them", "it") if loss.messages == 1 else back
    asked = f"Prune {messages(loss.messages)}{where}?{f' {cost}.' if cost else ''}"
    return f"{asked}\n{they} to this session's trash; {back}."


def loss_words(loss: Loss) -> str:
    """What a branch holds besides its messages: `4,210 tokens ($0.021), 2 stars, label best`."""
    parts: list[str] = []
    if loss.tokens:
        tokens = f"{loss.tokens:,}"
        cost = f" ({mark(money(loss.cost_usd), is_estimated=loss.is_estimated)})"
        parts.append(
            f"{mark(tokens, is_estimated=loss.is_estimated)} "
            f"{'token' if loss.tokens == 1 else 'tokens'}{cost if loss.cost_usd else ''}"
        )
    if loss.stars:
        parts.append(counted(loss.stars, "star", "stars"))
    if loss.labels:
        parts.append(f"{'label' if len(loss.labels) == 1 else 'labels'} {_some(loss.labels)}")
    if loss.notes:
        parts.append(counted(loss.notes, "note", "notes"))
    return ", ".join(parts)


def streams_words(keymap: Keymap, verb: str, *, is_on_view: bool) -> str:
    """Why a branch in which a reply streams stays, and how to cancel it."""
    key = keymap.hint("escape") or "/cancel"
    where = "" if is_on_view else "go there, then "
    return f"A reply streams in there. Cancel it first ({where}{key} in NORMAL), then {verb} it."


def forked_title(title: str) -> str:
    """The title of a fork: `Raft (fork)`; of a fork of that, `Raft (fork 2)`."""
    found = _FORK.search(title)
    if found is None:
        return f"{title} (fork)".lstrip()
    return f"{title[: found.start()]} (fork {int(found[1] or 1) + 1})"


def _some(labels: Iterable[str], most: int = 4) -> str:
    labels = tuple(labels)
    more = f" and {len(labels) - most} more" if len(labels) > most else ""
    return ", ".join(labels[:most]) + more
