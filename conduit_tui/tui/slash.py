"""The table of slash commands; it feeds parsing, completion, the palette and the help."""

from collections.abc import Collection
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, TypeAlias

from conduit_tui.core.address import FEWEST_DIGITS
from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import SettingsError
from conduit_tui.core.params import ParamChanges, ParamValue
from conduit_tui.tui.param_lines import read_with

Takes: TypeAlias = Literal[
    "nothing",
    "text",
    "path",
    "model",
    "theme",
    "tool",
    "skills",
    "skill",
    "trust",
    "provider",
    "parameter",
    "values",
    "cache",
    "address",
    "topic",
    "order",
    "all",
]


@dataclass(frozen=True, slots=True)
class Command:
    """One slash command; its argument may always be left out.

    `argument_hint` shows what may follow the name, `takes` says what completes it. `action` is
    the id of the action in the keymap that does the same, if one does. `parsed.command.name`
    names the chat screen's method: `command_NAME`.
    """

    name: str
    argument_hint: str
    summary: str
    takes: Takes = "nothing"
    action: str = ""

    @property
    def enter_takes(self) -> Literal["any", "the first", "none"]:
        """Of what words of the argument Enter takes an offer: not where a text may stand."""
        match self.takes:
            case "values":
                return "none"
            case "parameter" | "address" | "skill":
                return "the first"
            case _:
                return "any"


COMMANDS: tuple[Command, ...] = (
    Command("help", "[TOPIC]", "all commands and keys, or addresses", "topic"),
    Command("new", "", "new session", action="new_session"),
    Command("title", "[TITLE]", "give the session a title", "text"),
    Command("model", "[MODEL]", "choose the model", "model", "model"),
    Command("models", "[NAME]", "list the models, or tell what is known of one", "model"),
    Command("pull", "[NAME]", "have Ollama fetch a model", "text"),
    Command("system", "[TEXT]", "system prompt of the session", "text"),
    Command("set", "[NAME [VALUE]]", "parameters of the session; alone, all of them", "parameter"),
    Command("with", "NAME=VALUE ... TEXT", "send TEXT, this once with other parameters", "values"),
    Command("attach", "[PATH...]", "attach files", "path"),
    Command("paste", "", "attach the picture in the clipboard", action="paste"),
    Command("schema", "[FIELDS | FILE | off]", "answer with a JSON value of this shape", "text"),
    Command("edit", "", "edit the last message of yours as a sibling", action="edit"),
    Command(
        "retry", "[NAME=VALUE ...]", "regenerate the reply as a sibling", "values", "regenerate"
    ),
    Command(
        "cancel", "[all]", "stop the reply on view, or all of the session", "all", action="escape"
    ),
    Command("copy", "[N | path | A..B]", "copy the message, block N, or a path", "text", "copy"),
    Command("write", "[PATH]", "write the message to a file", "text", "write"),
    Command("open", "", "open the message in $PAGER or $EDITOR", action="open"),
    Command("find", "[TEXT]", "find text in the transcript", "text", "find"),
    Command("search", "[QUERY]", "search all sessions", "text", "search"),
    Command(
        "tools",
        "[on NAME... | off [NAME...] | schema NAME]",
        "the model's tools: list them, switch them on and off",
        "tool",
    ),
    Command(
        "skills",
        "[on NAME... | off [NAME...]]",
        "skills: list and read them, switch them on and off",
        "skills",
    ),
    Command("skill", "NAME [TEXT]", "switch a skill on, and send TEXT with it", "skill"),
    Command(
        "trust", "[yes | no [DIRECTORY]]", "whether skills and settings here are read", "trust"
    ),
    Command("changes", "", "files that tools changed; take changes back"),
    Command("answer", "[y | s | a | n [REASON]]", "answer a tool that asks", "text", "answer"),
    Command("permissions", "[VERDICT RULE]", "what tools may do; allow, ask or deny more", "text"),
    Command("tokens", "[exact]", "tokens that would be sent next", "text"),
    Command("cost", "", "cost of the session, of the path and of today"),
    Command("usage", "", "chart of what was used and what it cost"),
    Command("tree", "", "go to the tree", action="tree"),
    Command("go", "[ADDRESS]", "go to a message", "address"),
    Command("star", "", "star the message, or take its star away", action="star"),
    Command("label", "[NAME]", "label the message; @NAME is its address then", "text", "label"),
    Command("note", "[TEXT]", "put a note on the message", "text", "note"),
    Command("prune", "[others]", "put the branch into the trash, or all others", "text", "prune"),
    Command("pruned", "", "restore or erase what was pruned in this session"),
    Command("undo", "", "take back the last change of the tree", action="undo"),
    Command("redo", "", "do again what was undone", action="redo"),
    Command("reflog", "", "all that was done to the tree; go back to any of it"),
    Command("fork", "[subtree]", "copy the path to a new session, or all below", "text", "fork"),
    Command("graft", "[WHAT [ONTO]]", "put a copy of a branch below a message", "address"),
    Command("explore", "", "the tree over the whole screen, with a preview", action="explore"),
    Command("compare", "[ADDRESS [ADDRESS]]", "two siblings side by side", "address", "compare"),
    Command("sidebar", "", "show or hide the sidebar", action="sidebar"),
    Command("sessions", "", "go to the list of sessions", action="sessions"),
    Command("sort", "[ORDER]", "sort the list of sessions; alone, in the next order", "order"),
    Command("pin", "", "keep the session at the top of the list, or let it go"),
    Command("delete", "", "put the session into the trash"),
    Command("trash", "", "restore or erase deleted sessions"),
    Command("cache", "[on | off | wipe]", "replies kept to be given again", "cache"),
    Command("theme", "[NAME]", "change the colours", "theme"),
    Command("key", "[PROVIDER]", "add an API key", "provider"),
    Command("keys", "", "all keys", action="keys"),
    Command("quit", "", "quit; everything is saved", action="quit"),
)
"""Every command, in the order lists show them."""

HELP_TOPICS = ("addresses",)

HOW_WITH = "Write the values, then the message: /with temperature=0.9 Explain Raft."

_BY_NAME = {command.name: command for command in COMMANDS}


@dataclass(frozen=True, slots=True)
class Invocation:
    """A command to run, with what followed its name, stripped."""

    command: Command
    argument: str


@dataclass(frozen=True, slots=True)
class AsMessage:
    """Text that is no command and goes to the model, with `params` for it alone."""

    text: str
    params: ParamChanges = field(default_factory=dict[str, ParamValue])


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, in words for the person; nothing was run."""

    words: str


Parsed: TypeAlias = Invocation | AsMessage | Mistake


def parse(text: str, efforts: Collection[str] = ()) -> Parsed:
    """Read what was typed into the prompt; `//x` is the message `/x`.

    `efforts` are words of the model's own for the effort that `/with` may name.
    """
    if text.startswith("//"):
        return AsMessage(text[1:])
    if not text.startswith("/"):
        return AsMessage(text)
    parsed = parse_command(text)
    if isinstance(parsed, Invocation) and parsed.command.name == "with":
        return _parse_with(parsed.argument, efforts)
    return parsed


def _parse_with(argument: str, efforts: Collection[str]) -> AsMessage | Mistake:
    try:
        params, text = read_with(argument, efforts)
    except SettingsError as error:
        return Mistake(str(error))
    return AsMessage(text, params) if params else Mistake(HOW_WITH)


def parse_command(line: str) -> Invocation | Mistake:
    """Read a line that can only be a command, with or without its slash."""
    words = line.strip().removeprefix("/").split(maxsplit=1)
    name = words[0] if words else ""
    command = _BY_NAME.get(name.lower())
    if command is None:
        return Mistake(_unknown(name, is_slash=line.startswith("/")))
    argument = words[1].strip() if len(words) > 1 else ""
    if argument and command.takes == "nothing":
        return Mistake(f"/{command.name} stands alone; nothing may follow it.")
    return Invocation(command, argument)


def complete(text: str) -> tuple[Command, ...]:
    """Return the commands that `text`, a slash and the start of a name, may become."""
    if not text.startswith("/") or text.startswith("//"):
        return ()
    start = text[1:].lower()
    return tuple(command for command in COMMANDS if command.name.startswith(start))


@dataclass(frozen=True, slots=True)
class CopyRequest:
    """What `/copy` is asked for; `number` counts blocks from 1, `address` names messages."""

    what: Literal["message", "block", "path", "address"]
    number: int = 0
    address: str = ""


def parse_copy(argument: str) -> CopyRequest | Mistake:
    """Read the argument of `/copy`: nothing, a number, `path` or an address."""
    match argument.lower():
        case "":
            return CopyRequest("message")
        case "path":
            return CopyRequest("path")
        case number if number.isascii() and number.isdigit() and len(number) < 10:
            return CopyRequest("block", int(number))
        case _ if set(argument) & set("@^~:.") or len(argument) >= FEWEST_DIGITS:
            return CopyRequest("address", address=argument)
        case _:
            return Mistake("Write /copy, /copy N for block N, /copy path, or /copy A..B.")


def _unknown(name: str, *, is_slash: bool) -> str:
    shown = clean_line(f"/{name[:40]}")
    near = get_close_matches(name.lower(), _BY_NAME, 3, 0.5)
    advice = f"Near it: {', '.join(f'/{each}' for each in near)}." if near else "See /help."
    as_text = " To send it as text, begin with // or a space." if is_slash else ""
    return f"{shown!r} is no command. {advice}{as_text}"
