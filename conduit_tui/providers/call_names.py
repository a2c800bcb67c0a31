"""Ids and names of tool calls in the form a strict wire takes: letters, digits, `_` and `-`."""

import hashlib
import re

LONGEST_NAME = 64
_NOT_PLAIN = re.compile(r"[^a-zA-Z0-9_-]")


class CallIds:
    """Gives each call of a conversation an id of its own, the same every time.

    Other vendors send ids with other characters, and the same ids again in a later message.
    """

    def __init__(self) -> None:
        self._current: dict[str, str] = {}
        self._taken: set[str] = set()

    def of_call(self, call_id: str) -> str:
        """The id to send for a call; calls go in the order of the conversation."""
        wanted = call_id if call_id and not _NOT_PLAIN.search(call_id) else _made_from(call_id)
        free, count = wanted, 1
        while free in self._taken:
            count += 1
            free = f"{wanted}_{count}"
        self._taken.add(free)
        self._current[call_id] = free
        return free

    def of_result(self, call_id: str) -> str | None:
        """The id to send for the answer to the last call of this id; None without such a call."""
        return self._current.get(call_id)


def plain_name(name: str) -> str:
    """A tool's name as it is, or one made from it that no other name comes to."""
    plain = _NOT_PLAIN.sub("_", name)
    if plain == name and 0 < len(name) <= LONGEST_NAME:
        return name
    return f"{plain[: LONGEST_NAME - 9]}_{_digest(name)[:8]}"


def _made_from(call_id: str) -> str:
    return f"call_{_digest(call_id)[:24]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
