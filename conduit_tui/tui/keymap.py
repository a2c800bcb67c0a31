"""The table of actions and their keys, and the reading of keys against it.

A key is written as in `[keys]` of settings.toml: `ctrl+x`, `f5`, `?`, `G`, or two in a row as
`gg` or `g g`. Textual's longer names (`question_mark`) mean the same. A key that types a
character acts only in NORMAL: in INSERT it belongs to the prompt. There, digits before a key count
how often it acts (`5j`), unless a setting gives them something else to do.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from conduit_tui.tui.key_names import display_name, parse_keys, types_a_character

Mode: TypeAlias = Literal["insert", "normal"]
Where: TypeAlias = Literal["insert", "normal", "any", "sessions", "tree", "answer"]


@dataclass(frozen=True, slots=True)
class Action:
    """Something a key does.

    `keys` are the default keys; `mode` is where they act. `is_fixed` marks what the widgets do
    by themselves and no setting moves; those of the list of sessions and of the tree's pane act
    in it alone, and those of ANSWER while a tool's question has the keys.
    """

    id: str
    keys: tuple[str, ...]
    summary: str
    mode: Where
    group: str
    is_fixed: bool = False


_EVERYWHERE = "Everywhere"
_PROMPT = "INSERT: the prompt has the keys"
_SESSIONS = "The list of sessions has the keys"
_MOVES = "NORMAL: moving"
_MESSAGES = "NORMAL: the message under the cursor"
_TREE = "NORMAL: the tree"
_ANSWER = "ANSWER: a tool's question has the keys"
_PANE = "The tree has the keys: as in NORMAL, and"

ACTIONS: tuple[Action, ...] = (
    Action("send", ("enter",), "send the message", "insert", _PROMPT, is_fixed=True),
    Action("newline", ("ctrl+j", "shift+enter", "alt+enter"), "break the line", "insert", _PROMPT),
    Action("editor", ("ctrl+g",), "write in $EDITOR", "insert", _PROMPT),
    Action("paste", ("ctrl+v",), "paste a picture", "insert", _PROMPT),
    Action("history", ("up",), "earlier prompts (prompt empty)", "insert", _PROMPT, is_fixed=True),
    Action("complete", ("tab",), "complete a /command", "insert", _PROMPT, is_fixed=True),
    Action("escape", ("escape",), "close, then NORMAL, then cancel", "any", _EVERYWHERE, True),
    Action("keys", ("f1", "?"), "these keys", "any", _EVERYWHERE),
    Action("sidebar", ("f2", "ctrl+b"), "show or hide the sidebar", "any", _EVERYWHERE),
    Action("model", ("f3",), "choose a model", "any", _EVERYWHERE),
    Action("answer", ("f4",), "answer a tool that asks", "any", _EVERYWHERE),
    Action("new_session", ("ctrl+n",), "new session", "any", _EVERYWHERE),
    Action("palette", ("ctrl+p",), "all commands", "any", _EVERYWHERE),
    Action("search", ("ctrl+f",), "search all sessions", "any", _EVERYWHERE),
    Action("page_up", ("pageup",), "scroll up", "any", _EVERYWHERE),
    Action("page_down", ("pagedown",), "scroll down", "any", _EVERYWHERE),
    Action("follow", ("end", "ctrl+end"), "to the newest line, and follow", "any", _EVERYWHERE),
    Action("interrupt", ("ctrl+c",), "copy, stop, clear; twice: quit", "any", _EVERYWHERE),
    Action("stop_pull", ("f8",), "stop pulling a model", "any", _EVERYWHERE),
    Action("quit", ("ctrl+q",), "quit", "any", _EVERYWHERE),
    Action("insert", ("i",), "back to the prompt", "normal", _MOVES),
    Action("command", (":",), "type a command", "normal", _MOVES),
    Action("next_message", ("j", "down"), "next message", "normal", _MOVES),
    Action("previous_message", ("k", "up"), "previous message", "normal", _MOVES),
    Action("first_message", ("g g", "home"), "first message", "normal", _MOVES),
    Action("last_message", ("G",), "last message", "normal", _MOVES),
    Action("previous_sibling", ("h", "[", "left"), "previous sibling", "normal", _MOVES),
    Action("next_sibling", ("l", "]", "right"), "next sibling", "normal", _MOVES),
    Action("fold", ("enter", "space"), "fold or unfold", "normal", _MESSAGES),
    Action("fold_all", ("z",), "fold all thinking and tools", "normal", _MESSAGES),
    Action("edit", ("e",), "edit as a sibling", "normal", _MESSAGES),
    Action("edit_quietly", ("E",), "a sibling without sending", "normal", _MESSAGES),
    Action("regenerate", ("r",), "regenerate or retry; 3r: three", "normal", _MESSAGES),
    Action("regenerate_with", ("R",), "ask another model", "normal", _MESSAGES),
    Action("continue_here", ("c",), "continue from here", "normal", _MESSAGES),
    Action("parent", ("K",), "message above", "normal", _MOVES),
    Action("first_child", ("J",), "first message below", "normal", _MOVES),
    Action("next_fork", (">",), "next fork", "normal", _MOVES),
    Action("previous_fork", ("<",), "previous fork", "normal", _MOVES),
    Action("next_star", ("'",), "next star", "normal", _MOVES),
    Action("previous_star", ('"',), "previous star", "normal", _MOVES),
    Action("back", ("ctrl+o", "alt+left"), "back to where you were", "normal", _MOVES),
    Action("forward", ("alt+right",), "forward again", "normal", _MOVES),
    Action("previous_own", ("{",), "your message above", "normal", _MOVES),
    Action("next_own", ("}",), "your message below", "normal", _MOVES),
    Action("previous_block", ("(",), "block of code above", "normal", _MOVES),
    Action("next_block", (")",), "block of code below", "normal", _MOVES),
    Action("copy", ("y",), "copy the message", "normal", _MESSAGES),
    Action("copy_block", ("Y",), "choose a block to copy", "normal", _MESSAGES),
    Action("write", ("w",), "write to a file", "normal", _MESSAGES),
    Action("open", ("o",), "open in $PAGER or $EDITOR", "normal", _MESSAGES),
    Action("find", ("/",), "find in the transcript", "normal", _MOVES),
    Action("find_next", ("n",), "next match", "normal", _MOVES),
    Action("find_previous", ("N",), "previous match", "normal", _MOVES),
    Action("tree", ("t",), "go to the tree", "normal", _MOVES),
    Action("explore", ("T",), "the tree over the whole screen", "normal", _TREE),
    Action("compare", ("=",), "two siblings side by side", "normal", _TREE),
    Action("half_page_up", ("ctrl+u",), "scroll up half a page", "normal", _MOVES),
    Action("half_page_down", ("ctrl+d",), "scroll down half a page", "normal", _MOVES),
    Action("sessions", ("s",), "go to the list of sessions", "normal", _MOVES),
    Action("star", ("*",), "star, or take the star away", "normal", _TREE),
    Action("label", ("m",), "label", "normal", _TREE),
    Action("note", ("M",), "write a note on it", "normal", _TREE),
    Action("prune", ("d",), "prune it with all below", "normal", _TREE),
    Action("prune_others", ("D",), "prune all but this path", "normal", _TREE),
    Action("undo", ("u",), "undo a change of the tree", "normal", _TREE),
    Action("redo", ("ctrl+r",), "redo it", "normal", _TREE),
    Action("fork", ("f",), "fork the path to a new session", "normal", _TREE),
    Action("fork_subtree", ("F",), "fork it with all below", "normal", _TREE),
    Action("mark_for_graft", ("x",), "mark it to be put elsewhere", "normal", _TREE),
    Action("graft", ("p",), "put a copy of the marked here", "normal", _TREE),
    Action("move", ("P",), "move the marked here", "normal", _TREE),
    Action("copy_path", ("g y",), "copy the path down to it", "normal", _TREE),
    Action("tree_choose", ("enter",), "go there, or open the fold", "tree", _PANE, True),
    Action("tree_parent", ("h", "left"), "to the message above", "tree", _PANE, True),
    Action("tree_child", ("l", "right"), "to the first message below", "tree", _PANE, True),
    Action("tree_run", ("space",), "fold the run, or unfold it", "tree", _PANE, True),
    Action("tree_runs", ("z",), "fold or unfold all runs", "tree", _PANE, True),
    Action("tree_filter", ("/",), "filter", "tree", _PANE, True),
    Action("tree_amounts", ("#",), "tokens and cost", "tree", _PANE, True),
    Action("answer_once", ("y",), "yes, this once", "answer", _ANSWER, True),
    Action("answer_session", ("s",), "yes, for this session", "answer", _ANSWER, True),
    Action("answer_always", ("a",), "yes, always", "answer", _ANSWER, True),
    Action("answer_no", ("n",), "no, and why", "answer", _ANSWER, True),
    Action("open_session", ("enter",), "open the session", "sessions", _SESSIONS, True),
    Action("filter_sessions", ("/",), "filter by title", "sessions", _SESSIONS, True),
    Action("pin_session", ("p",), "keep at the top, or let go", "sessions", _SESSIONS, True),
    Action("rename_session", ("r",), "rename", "sessions", _SESSIONS, True),
    Action("delete_session", ("d", "delete"), "into the trash", "sessions", _SESSIONS, True),
    Action("sort_sessions", ("s",), "the next order", "sessions", _SESSIONS, True),
)
"""Every action, in the order the keys screen shows them within their groups."""

_DIGITS = frozenset("0123456789")

MOST_COUNT = 99
"""The highest count; a higher one is taken for this."""


class Keymap:
    """The keys in force. `notices` says in words which settings could not be used.

    It remembers the first key of a sequence and digits before it: see `action_for`. `count` is
    how often the action found last is wanted.
    """

    def __init__(
        self, keys: Mapping[str, tuple[str, ...]] | None = None, notices: tuple[str, ...] = ()
    ) -> None:
        self.notices = notices
        self.pending = ""
        self.count = 1
        self._digits = ""
        self._keys = {action.id: action.keys for action in ACTIONS} | dict(keys or {})
        self._pending_mode: Mode = "insert"
        self._actions: dict[Mode, dict[str, str]] = {
            "insert": self._table("insert"),
            "normal": self._table("normal"),
        }
        self._prefixes = {
            key.split(" ")[0] for table in self._actions.values() for key in table if " " in key
        }

    def action_for(self, key: str, mode: Mode) -> str | None:
        """Return the id of the action that `key` completes in `mode`, or None.

        After None, what is `typed` has taken the key: `pending`, the first key of a sequence, or
        digits. A second key that completes nothing counts by itself.
        """
        name = _name_of(key)
        before, digits = (self.pending, self._digits) if self._pending_mode == mode else ("", "")
        self.pending, self._digits, self._pending_mode = "", "", mode
        table = self._actions[mode]
        if before and (found := table.get(f"{before} {name}")):
            return self._found(found, digits)
        if name in self._prefixes and any(each.startswith(f"{name} ") for each in table):
            self.pending, self._digits = name, digits
            return None
        if found := table.get(name):
            return self._found(found, digits)
        if mode == "normal" and name in _DIGITS and (digits or name != "0"):
            self._digits = str(min(int(digits + name), MOST_COUNT))
        return None

    @property
    def typed(self) -> str:
        """What waits for the next key, as a person reads it: `3`, `g`, `3g`."""
        return self._digits + (display_name(self.pending) if self.pending else "")

    def drop(self) -> None:
        """Forget what waits for the next key."""
        self.pending, self._digits = "", ""

    def is_key_of(self, action_id: str, key: str) -> bool:
        """Whether a key alone does an action; nothing that is typed changes by asking."""
        return _name_of(key) in self._keys[action_id]

    def _found(self, action_id: str, digits: str) -> str:
        self.count = int(digits or 1)
        return action_id

    def keys_of(self, action_id: str) -> tuple[str, ...]:
        """Return the keys of an action as a person reads them: `("F2", "Ctrl+B")`."""
        return tuple(display_name(key) for key in self._keys[action_id])

    def hint(self, action_id: str) -> str:
        """Return the first key of an action as a person reads it, or nothing without one."""
        return next(iter(self.keys_of(action_id)), "")

    def names_of(self, action_id: str) -> tuple[str, ...]:
        """Return the keys of an action in this module's writing, sequences as `g g`."""
        return self._keys[action_id]

    def _table(self, mode: Mode) -> dict[str, str]:
        return {
            key: action.id
            for action in ACTIONS
            for key in self._keys[action.id]
            if action.mode in (mode, "any") and (mode == "normal" or not types_a_character(key))
        }


def _name_of(key: str) -> str:
    names = parse_keys(key)
    return names[0] if names else key
