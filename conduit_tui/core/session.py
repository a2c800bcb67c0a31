"""A session's tree of messages, and the conversation that leads to one of its leaves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from conduit_tui.core.message import Message, ToolCall
from conduit_tui.core.params import Params


class Session:
    """All messages of one saved conversation graph, and its current leaf.

    The tree only grows, by `add`. Siblings are kept in the order they were added. Every question
    is answered in time proportional to its answer.

    `params` are sampling settings of the session's own, all of them; None: the usual ones. Its
    system prompt and tools stand apart.

    A long session may be opened with its end alone: `is_whole` is False then, paths begin with
    the first message that is here, and `complete` brings the rest.
    """

    def __init__(
        self,
        session_id: str,
        title: str = "",
        leaf_id: str | None = None,
        system_prompt: str | None = None,
        model: str | None = None,
        tools: tuple[str, ...] | None = None,
        title_is_manual: bool = False,
        *,
        params: Params | None = None,
        is_whole: bool = True,
    ) -> None:
        self.id = session_id
        self.title = title
        self.title_is_manual = title_is_manual
        self.leaf_id = leaf_id
        self.system_prompt = system_prompt
        self.model = model
        self.tools = tools
        self.params = params
        self.is_whole = is_whole
        self._messages: dict[str, Message] = {}
        self._children: dict[str | None, list[str]] = {}
        self._visited: dict[str | None, str] = {}

    def __len__(self) -> int:
        return len(self._messages)

    def __contains__(self, message_id: object) -> bool:
        return message_id in self._messages

    def __getitem__(self, message_id: str) -> Message:
        """Return a message; raises KeyError for one that is not in this session."""
        return self._messages[message_id]

    def __iter__(self) -> Iterator[Message]:
        """All messages in the order they were added."""
        return iter(self._messages.values())

    def add(self, message: Message) -> None:
        """Put a message below its predecessor. Adding the same id again changes nothing.

        Raises ValueError if the message is of another session or, once this one is whole, if the
        predecessor is not here.
        """
        if message.id in self._messages:
            return
        if message.session_id != self.id:
            raise ValueError(f"message {message.id!r} belongs to session {message.session_id!r}")
        predecessor = message.predecessor_id
        if self.is_whole and predecessor is not None and predecessor not in self._messages:
            raise ValueError(f"message {message.id!r} has no predecessor {predecessor!r} here")
        self._messages[message.id] = message
        self._children.setdefault(predecessor, []).append(message.id)

    def complete(self, messages: Iterable[Message]) -> None:
        """Take in all messages there are, in the order they were committed.

        Those that are here already stay the same objects; those that are here alone, because they
        are not stored yet, follow the others.
        """
        here, self._messages, self._children = self._messages, {}, {}
        for message in messages:
            self.add(here.get(message.id, message))
        for message in here.values():
            self.add(message)
        self.is_whole = True
        visited, self._visited = self._visited, {}
        self.visit(self.leaf_id)
        self._visited |= visited

    def get(self, message_id: str | None) -> Message | None:
        """Return a message, or None if there is none of this id."""
        return None if message_id is None else self._messages.get(message_id)

    def children(self, message_id: str | None) -> tuple[Message, ...]:
        """The messages right below one; of None: the roots."""
        return tuple(self._messages[child] for child in self._children.get(message_id, ()))

    @property
    def tops(self) -> tuple[Message, ...]:
        """The roots; of a session that is not whole: the messages above which nothing is here."""
        if self.is_whole:
            return self.children(None)
        here = self._messages
        return tuple(each for each in here.values() if each.predecessor_id not in here)

    def siblings(self, message_id: str) -> tuple[Message, ...]:
        """All messages with the same predecessor, this one among them."""
        return self.children(self._messages[message_id].predecessor_id)

    def position(self, message: Message) -> tuple[int, int]:
        """Which of how many siblings a message is, from 1."""
        siblings = self._children[message.predecessor_id]
        return (1, 1) if len(siblings) == 1 else (siblings.index(message.id) + 1, len(siblings))

    def path(self, message_id: str | None) -> tuple[Message, ...]:
        """The line from the root down to a message, both included; of None: nothing.

        Raises KeyError for a message that is not in this session.
        """
        line: list[Message] = []
        above = None if message_id is None else self._messages[message_id]
        while above is not None:
            line.append(above)
            above = self.get(above.predecessor_id)
        line.reverse()
        return tuple(line)

    def subtree(self, message_id: str) -> Iterator[Message]:
        """A message and all below it, parents before children, first children first."""
        waiting = [message_id]
        while waiting:
            current = waiting.pop()
            yield self._messages[current]
            waiting.extend(reversed(self._children.get(current, ())))

    def leaves(self, message_id: str | None = None) -> Iterator[Message]:
        """The messages without children at or below one; of None: in the whole session."""
        roots = self._children.get(None, ()) if message_id is None else (message_id,)
        for root in roots:
            for message in self.subtree(root):
                if not self._children.get(message.id):
                    yield message

    def visit(self, leaf_id: str | None) -> None:
        """Make a message the current leaf, and remember the way to it at every fork.

        Raises KeyError, and goes nowhere, for a message that is not in this session.
        """
        for message in self.path(leaf_id):
            self._visited[message.predecessor_id] = message.id
        self.leaf_id = leaf_id

    def leaf_below(self, message_id: str) -> str:
        """The leaf that was last visited under a message, else the one down its newest children."""
        current = message_id
        while children := self._children.get(current):
            current = self._visited.get(current, children[-1])
        return current


@dataclass(frozen=True, slots=True)
class Conversation:
    """The line from the root to one leaf: what a model is sent."""

    messages: tuple[Message, ...]

    def for_model(self) -> tuple[Message, ...]:
        """The messages worth sending: no empty failures, and no tool call without its answer.

        Calls of an interrupted message never ran, and every wire refuses an unanswered call.
        """
        following = (*self.messages, None)[1:]
        kept = (
            _without_unanswered(message, after)
            for message, after in zip(self.messages, following, strict=True)
        )
        return tuple(message for message in kept if message.parts)


def _without_unanswered(message: Message, after: Message | None) -> Message:
    answered = {result.call_id for result in after.tool_results} if after else set[str]()
    if all(call.call_id in answered for call in message.tool_calls):
        return message
    parts = tuple(
        part for part in message.parts if not isinstance(part, ToolCall) or part.call_id in answered
    )
    return replace(message, parts=parts)
