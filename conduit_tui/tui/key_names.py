"""How keys are written: by people, by Textual, and on the screen."""

import unicodedata

_MODIFIERS = ("ctrl", "shift", "alt", "super")
_DISPLAY = {
    "escape": "Esc",
    "enter": "Enter",
    "space": "Space",
    "tab": "Tab",
    "backspace": "Backspace",
    "delete": "Del",
    "insert": "Ins",
    "home": "Home",
    "end": "End",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
}
_NAMED = {**_DISPLAY, **{f"f{number}": f"F{number}" for number in range(1, 25)}}
_OTHER_SPELLINGS = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "page_up": "pageup",
    "page_down": "pagedown",
    # What Textual calls these characters; their Unicode names are longer.
    "slash": "/",
    "backslash": "\\",
    "at": "@",
    "minus": "-",
    "plus": "+",
    "underscore": "_",
}
# A terminal sends one byte for both, and Textual names it after the second.
_SAME_BYTE = {"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+[": "escape", "ctrl+@": "ctrl+space"}


def parse_keys(written: str) -> tuple[str, ...]:
    """Return the keys of `ctrl+x`, `?`, `question_mark`, `gg` or `g g`; nothing for no key."""
    if len(written) == 2 and written.isprintable() and _parse_key(written) is None:
        written = f"{written[0]} {written[1]}"
    keys = [_parse_key(part) for part in written.split()] if written != " " else ["space"]
    return tuple(key for key in keys if key) if all(keys) else ()


def display_name(key: str) -> str:
    """Return a key as a person reads it: `Ctrl+C`, `gg`, `?`, `↑`."""
    if " " in key:
        parts = [display_name(part) for part in key.split(" ")]
        return ("" if all(len(part) == 1 for part in parts) else " ").join(parts)
    modifiers, base = _split(key)
    shown = _NAMED.get(base, base.upper() if modifiers else base)
    return "+".join([*(each.capitalize() for each in modifiers), shown])


def types_a_character(key: str) -> bool:
    """Whether the key, or the first of a sequence, puts a character into a text."""
    first = key.split(" ")[0]
    return len(first) == 1 or first == "space"


def _parse_key(written: str) -> str | None:
    modifiers, base = _split(written)
    if len(base) > 1:
        base = _base_name(base.lower())
    if not base or not set(modifiers) <= set(_MODIFIERS):
        return None
    if modifiers == ["shift"] and len(base) == 1:
        return base.upper() if base.isalpha() else None
    if modifiers and len(base) == 1:
        base = base.lower()
    key = "+".join([*sorted(set(modifiers), key=_MODIFIERS.index), base])
    return _SAME_BYTE.get(key, key)


def _split(key: str) -> tuple[list[str], str]:
    if key.endswith("+"):  # the plus itself, alone or with a modifier: `+`, `ctrl++`
        rest = key[:-1].rstrip("+")
        return (rest.lower().split("+") if rest else []), "+"
    *modifiers, base = key.split("+")
    return [each.lower() for each in modifiers], base


def _base_name(name: str) -> str:
    name = _OTHER_SPELLINGS.get(name, name)
    if name in _NAMED or len(name) == 1:
        return name
    for spelling in (name.replace("_", " "), name.replace("_", "-"), _hyphened(name)):
        try:
            character = unicodedata.lookup(spelling.upper())
        except KeyError:
            continue
        return character if character.isprintable() else ""
    return ""


def _hyphened(name: str) -> str:
    """Undo what Textual does to `LESS-THAN SIGN`: only the last underscore was a space."""
    head, _, tail = name.rpartition("_")
    return f"{head.replace('_', '-')} {tail}"
