"""Keys of a person's own: `[keys]` of settings.toml as a keymap, and words about what is amiss."""

from collections.abc import Mapping
from difflib import get_close_matches

from conduit_tui.core.clean import clean_line
from conduit_tui.tui.key_names import display_name, parse_keys, types_a_character
from conduit_tui.tui.keymap import ACTIONS, Action, Keymap

_BY_ID = {action.id: action for action in ACTIONS}


def load_keymap(overrides: Mapping[str, str]) -> Keymap:
    """Return the default keys changed by `overrides`: action id to keys, `"ctrl+x, f5"`.

    An empty string takes an action's keys away. What is unknown, impossible or clashes keeps its
    default and is told in `Keymap.notices`.
    """
    notices: list[str] = []
    wanted: dict[str, tuple[str, ...]] = {}
    for action_id, written in overrides.items():
        keys = _read(action_id, written)
        if isinstance(keys, str):
            notices.append(keys)
        else:
            wanted[action_id] = keys
    while clash := _first_clash(wanted):
        loser, key, holder = clash
        del wanted[loser]
        notices.append(_clash_words(loser, key, holder))
    return Keymap(wanted, tuple(notices))


def _read(action_id: str, written: str) -> tuple[str, ...] | str:
    """Return the keys, or the words of what is wrong with them."""
    action = _BY_ID.get(action_id)
    if action is None:
        near = get_close_matches(action_id, _BY_ID, 3, 0.5)
        known = f"near it: {', '.join(near)}" if near else f"known: {', '.join(_BY_ID)}"
        return f"[keys] {clean_line(action_id)!r} is no action; {known}."
    if action.is_fixed:
        return f"[keys] {action_id} cannot be moved; it stays {_defaults(action)}."
    keys: list[str] = []
    for part in filter(None, (piece.strip() for piece in written.split(","))):
        sequence = parse_keys(part)
        if wrong := _what_is_wrong(sequence, action):
            return (
                f"[keys] {action_id}: {clean_line(part)!r} {wrong}; "
                f"{action_id} stays {_defaults(action)}."
            )
        keys.append(" ".join(sequence))
    return tuple(dict.fromkeys(keys))


def _what_is_wrong(sequence: tuple[str, ...], action: Action) -> str:
    if not sequence:
        return "is no key (write ctrl+x, f5, ? or gg)"
    if len(sequence) > 2:
        return "is longer than two keys"
    if action.mode == "insert" and types_a_character(" ".join(sequence)):
        return "types a character in the prompt"
    return ""


def _first_clash(wanted: dict[str, tuple[str, ...]]) -> tuple[str, str, str] | None:
    """Return (the action that must give way, the key, the action that has it)."""
    keys = {action.id: wanted.get(action.id, action.keys) for action in ACTIONS}
    for loser in reversed(wanted):
        for holder, held in keys.items():
            if holder == loser or not _modes_meet(_BY_ID[loser], _BY_ID[holder]):
                continue
            for key in keys[loser]:
                if any(_collide(key, other) for other in held):
                    return loser, key, holder
    return None


def _modes_meet(one: Action, other: Action) -> bool:
    return "any" in (one.mode, other.mode) or one.mode == other.mode


def _collide(one: str, other: str) -> bool:
    return one == other or one.startswith(f"{other} ") or other.startswith(f"{one} ")


def _clash_words(loser: str, key: str, holder: str) -> str:
    return (
        f"[keys] {loser}: {display_name(key)!r} is taken by {holder}; "
        f"{loser} stays {_defaults(_BY_ID[loser])}."
    )


def _defaults(action: Action) -> str:
    return " ".join(display_name(key) for key in action.keys)
