"""A session's tree of messages."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from conduit_tui.core.marks import NO_MARK, Absence, Mark
from conduit_tui.core.message import Message
from conduit_tui.core.params import Params
from conduit_tui.core.rule import Rule


class Session:
    """All messages of one saved conversation graph, and its current leaf.

    The tree only grows, by `add`. Siblings are kept in the order they were added. Every question
    is answered in time proportional to its answer.

    A message can be absent, with all below it: it is still in the session (`in`, `[]`, `path`,
    iteration), but no question from above (children, siblings, leaves) finds it.

    Of several replies that stream below the leaf, `awaited_id` is the one on view, or the group of
    turns that is to bring it; the leaf's own id says that none of them is. A reply that ends there
    takes the leaf only if it is awaited, or while nothing is.

    `params` are sampling settings of the session's own, all of them; None: the usual ones. Its
    system prompt and tools stand apart.

    `skills` are those whose instructions it uses, `rules` what was said of tools for this session
    alone, and `has_read_files` tells whether files were
    attached in it, or a tool has read files or run a program.

    `shape` is another number whenever messages came, went, or were put in or out of sight.

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
        self._absent: dict[str, Absence] = {}
        self._marks: dict[str, Mark] = {}
        self.awaited_id: str | None = None
        self.skills: tuple[str, ...] = ()
        self.rules: tuple[Rule, ...] = ()
        self.has_read_files = False
        self.shape = 0

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
        self.shape += 1

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
        self.shape += 1
        visited, self._visited = self._visited, {}
        self.visit(self.nearest_visible(self.leaf_id))
        self._visited |= visited

    def forget(self, message_ids: Iterable[str]) -> None:
        """Let go of messages that were erased; with each, all below it must be among them.

        A leaf that goes is replaced by what is nearest above it in sight.
        """
        gone = set(message_ids)
        if self.leaf_id in gone:
            stays = [each.id for each in self.path(self.leaf_id) if each.id not in gone]
            self.visit(self.nearest_visible(stays[-1] if stays else None))
        for message_id in gone:
            message = self._messages.pop(message_id)
            self._children.pop(message_id, None)
            self._absent.pop(message_id, None)
            self._marks.pop(message_id, None)
            if message.predecessor_id not in gone:
                self._children[message.predecessor_id].remove(message_id)
        self.shape += 1
        self._visited = {
            above: below
            for above, below in self._visited.items()
            if above not in gone and below not in gone
        }

    def get(self, message_id: str | None) -> Message | None:
        """Return a message, or None if there is none of this id."""
        return None if message_id is None else self._messages.get(message_id)

    def children(self, message_id: str | None) -> tuple[Message, ...]:
        """The messages right below one; of None: the roots."""
        return tuple(map(self._messages.__getitem__, self._below(message_id)))

    @property
    def tops(self) -> tuple[Message, ...]:
        """The roots; of a session that is not whole: the messages above which nothing is here."""
        if self.is_whole:
            return self.children(None)
        here = self._messages
        return tuple(
            each
            for each in here.values()
            if each.predecessor_id not in here and each.id not in self._absent
        )

    def siblings(self, message_id: str) -> tuple[Message, ...]:
        """All messages with the same predecessor, this one among them unless it is absent."""
        return self.children(self._messages[message_id].predecessor_id)

    def earlier_siblings(self, message: Message, most: int) -> tuple[Message, ...]:
        """The siblings before a message, in order: the first, and of the others the last `most`."""
        siblings = self._below(message.predecessor_id)
        try:
            at = siblings.index(message.id)
        except ValueError:  # it is out of sight
            return ()
        kept = siblings[:at] if at <= most else [siblings[0], *siblings[at - most : at]]
        return tuple(self._messages[sibling] for sibling in kept)

    def position(self, message: Message) -> tuple[int, int]:
        """Which of how many siblings a message is, from 1; an absent one is the only one."""
        siblings = self._below(message.predecessor_id)
        if len(siblings) <= 1 or message.id in self._absent:
            return (1, 1)
        return (siblings.index(message.id) + 1, len(siblings))

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
            waiting.extend(reversed(self._below(current)))

    def leaves(self, message_id: str | None = None) -> Iterator[Message]:
        """The messages without children at or below one; of None: in the whole session."""
        roots = self._below(None) if message_id is None else (message_id,)
        for root in roots:
            for message in self.subtree(root):
                if not self._below(message.id):
                    yield message

    def visit(self, leaf_id: str | None) -> None:
        """Make a message the current leaf, and remember the way to it at every fork.

        Raises KeyError, and goes nowhere, for a message that is not in this session.
        """
        for message in self.path(leaf_id):
            self._visited[message.predecessor_id] = message.id
        self.leaf_id = leaf_id
        self.awaited_id = None

    def recall_visits(self, leaf_ids: Iterable[str]) -> None:
        """Remember earlier visits, the last one first; what is remembered already stays."""
        for leaf_id in leaf_ids:
            message = self.get(leaf_id)
            while message is not None and message.predecessor_id not in self._visited:
                self._visited[message.predecessor_id] = message.id
                message = self.get(message.predecessor_id)

    def leaf_below(self, message_id: str) -> str:
        """The leaf that was last visited under a message, else the one down its newest children."""
        current = message_id
        while children := self._below(current):
            visited = self._visited.get(current)
            current = visited if visited in children else children[-1]
        return current

    # Absences and marks

    @property
    def absences(self) -> Mapping[str, Absence]:
        """The messages that were put out of sight, without what is out of sight below them."""
        return MappingProxyType(self._absent)

    @property
    def marks(self) -> Mapping[str, Mark]:
        """What stands on messages, by their id."""
        return MappingProxyType(self._marks)

    def absence(self, message_id: str) -> Absence | None:
        """Why a message itself was put out of sight; see `is_visible` for those below it."""
        return self._absent.get(message_id)

    def set_absence(self, message_id: str, absence: Absence | None) -> None:
        """Put a message with all below it out of sight, or bring it back."""
        if absence is None:
            self._absent.pop(message_id, None)
        else:
            self._absent[message_id] = absence
        self.shape += 1

    def mark(self, message_id: str) -> Mark:
        """What stands on a message."""
        return self._marks.get(message_id, NO_MARK)

    def set_mark(self, message_id: str, mark: Mark) -> None:
        """Replace what stands on a message."""
        if mark == NO_MARK:
            self._marks.pop(message_id, None)
        else:
            self._marks[message_id] = mark

    def take_marks(self, other: "Session") -> None:
        """Take over what stands on messages, and what is out of sight, from another reading."""
        self._marks, self._absent = dict(other.marks), dict(other.absences)
        self.shape += 1
        if self.leaf_id is not None and not self.is_visible(self.leaf_id):
            self.visit(self.nearest_visible(self.leaf_id))

    def labelled(self, label: str) -> Message | None:
        """The message that has a label; at most one has it, visible or not."""
        found = (each for each, mark in self._marks.items() if mark.label == label)
        return self.get(next(found, None))

    def is_visible(self, message_id: str) -> bool:
        """Whether neither a message nor anything above it is absent."""
        return self._hidden_at(message_id) is None

    def nearest_visible(self, message_id: str | None) -> str | None:
        """A message itself, or what is nearest above it in sight; None if nothing is."""
        if message_id is None or message_id not in self._messages:
            return None
        while (hidden := self._hidden_at(message_id)) is not None:
            above = self._messages[hidden].predecessor_id
            if above is None:
                return None
            message_id = above
        return message_id

    def visible(self) -> Iterator[Message]:
        """All messages in sight, in the order they were added."""
        hidden: set[str] = set()
        for root in self._absent:
            hidden.update(message.id for message in self.everything_below(root))
        return (each for each in self._messages.values() if each.id not in hidden)

    def _hidden_at(self, message_id: str) -> str | None:
        """The absent message nearest to the root on the way to one, if there is any."""
        if not self._absent:
            return None
        found: str | None = None
        above: str | None = message_id
        while above is not None and (message := self._messages.get(above)) is not None:
            if above in self._absent:
                found = above
            above = message.predecessor_id
        return found

    def everything_below(self, message_id: str) -> Iterator[Message]:
        """A message and all below it, absent or not."""
        waiting = [message_id] if message_id in self._messages else []
        while waiting:
            current = waiting.pop()
            yield self._messages[current]
            waiting.extend(reversed(self._children.get(current, ())))

    def _below(self, message_id: str | None) -> list[str]:
        children = self._children.get(message_id, [])
        if not self._absent or not children:
            return children
        return [child for child in children if child not in self._absent]
