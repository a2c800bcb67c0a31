"""What an empty session shows: what was found, how to add a model, the first keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import TypeAlias

from textual.content import Content

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.keymap import Keymap

GUIDE = "demo/guide"
STORED_KEY = "stored key"
MOST_NAMED = 6
CELLS = 44
"""What stands beside a name, on a screen of 80 columns with the sidebar."""

_Piece: TypeAlias = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class OllamaHere:
    """An Ollama that answered at `address`; `models` is None until it told them."""

    address: str
    version: str = ""
    models: tuple[str, ...] | None = None

    @property
    def words(self) -> str:
        """What there is, in a few words; nothing while only the address is known."""
        if self.models is None:
            return ""
        count = len(self.models)
        what = f"{count} model{'' if count == 1 else 's'}" if count else "no models"
        return ", ".join(filter(None, (self.version, what)))


@dataclass(frozen=True, slots=True)
class Found:
    """What was found at start.

    `keys` and `missing` are (provider, variable); `ollama` is the one that answered, `model`
    the active model. The paths are shown as given.
    """

    keys: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    ollama: OllamaHere | None
    model: str
    settings_path: str
    keys_path: str
    notices: tuple[str, ...] = ()


def welcome(found: Found, keymap: Keymap) -> Content:
    """Return the welcome; long while nothing can be used but the guide, short afterwards."""
    lines = [
        _line(("conduit", "bold $text-accent"), "  every conversation is a tree"),
        Content(),
        *(_line((clean_line(notice), "$text-warning")) for notice in found.notices),
        *([Content()] if found.notices else []),
        _fact("Model", (clean_line(found.model), "bold"), _model_note(found, keymap)),
        *(_fact(name, clean_line(words)) for name, words in _found_lines(found)),
    ]
    if found.model == GUIDE and found.ollama and found.ollama.models is not None:
        lines.append(_use_ollama(found.ollama.models))
    if not found.keys and found.ollama is None:
        lines += [Content(), *_how_to_add(found)]
    else:
        more = _fact("More", ("/key", "bold"), " adds a key of another provider")
        lines += [*([more] if found.missing else []), _tools()]
    lines += [Content(), *_first_keys(keymap)]
    if found.model == GUIDE:
        lines += [Content(), _tries()]
    return Content("\n").join(lines)


def _line(*pieces: _Piece) -> Content:
    return Content.assemble(*pieces)


def _fact(name: str, *pieces: _Piece) -> Content:
    return _line((name.ljust(8), "dim"), *pieces)


def _model_note(found: Found, keymap: Keymap) -> _Piece:
    key = keymap.hint("model") or "/model"
    if found.model == GUIDE:
        return (f"  a script, no AI ({key} changes it)", "dim")
    return (f"  {key} chooses another", "dim")


def _found_lines(found: Found) -> Iterator[tuple[str, str]]:
    """Where there is one key, its variable too; a vendor's second row is not told."""
    of_variables = {variable: provider for provider, variable in reversed(found.keys) if variable}
    keys = [
        (provider, variable)
        for provider, variable in found.keys
        if variable == STORED_KEY or of_variables[variable] == provider
    ]
    names = [provider for provider, _ in keys]
    if len(keys) == 1:
        names = [f"{provider} ({variable})" for provider, variable in keys]
    more = len(names) - MOST_NAMED
    named = ", ".join([*names[:MOST_NAMED], *([f"{more} more"] if more > 0 else [])])
    lines = wrap(named, CELLS, break_on_hyphens=False)
    if found.ollama is not None:
        words = found.ollama.words
        lines.append(f"Ollama {words}" if words else f"Ollama at {found.ollama.address}")
    for number, line in enumerate(lines or ["no API key, no model server here"]):
        yield ("" if number else "Found"), line


def _tools() -> Content:
    pieces = ("/tools", "bold"), " what it may do, ", ("/skills", "bold"), " what it may learn"
    return _fact("Tools", *pieces)


def _use_ollama(models: tuple[str, ...]) -> Content:
    if not models:
        return _fact("Ollama", ("/pull NAME", "bold"), " gets it a model")
    return _fact("Ollama", (clean_line(f"/model ollama/{models[0]}"), "bold"), " talks to it")


def _how_to_add(found: Found) -> list[Content]:
    variable = clean_line(found.missing[0][1]) if found.missing else "OPENAI_API_KEY"
    return [
        _line(("Add a model, in one of three ways", "bold")),
        _line(("  /key    ", "bold"), f"kept in {clean_line(found.keys_path)}"),
        _line(("  export  ", "bold"), f"{variable}, then start again"),
        _line(("  write   ", "bold"), f"in {clean_line(found.settings_path)}:"),
        *(
            _line((f"          {line}", "dim"))
            for line in (
                "[providers.local]",
                'base_url = "http://127.0.0.1:1234/v1"',
                'api_key_env = "LOCAL_KEY"  # optional',
            )
        ),
    ]


def _first_keys(keymap: Keymap) -> list[Content]:
    rows = (
        (("send", "sends"), ("escape", "to messages")),
        (("edit", "edits"), ("regenerate", "regenerates")),
        (("tree", "to the tree"), ("search", "searches all")),
    )
    lines: list[Content] = []
    for name, row in zip(("Keys", "", ""), rows, strict=True):
        pieces: list[_Piece] = []
        for action_id, what in row:
            if key := keymap.hint(action_id):
                pieces += [(key.ljust(7), "bold"), (what.ljust(13), "dim")]
        lines.append(_fact(name, *pieces).rstrip())
    return lines


def _tries() -> Content:
    pieces: list[_Piece] = []
    for words in ("code", "table", "think", "tools", "write a file"):
        pieces += [" · " if pieces else "", (words, "bold")]
    return _fact("Try", *pieces)
