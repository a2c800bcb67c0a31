"""Changes of a session's structure as JSON, and back."""

from datetime import datetime
from typing import assert_never, cast

from conduit_tui.core.change import Change, Changes, SetAbsence, SetLeaf, SetMark, SetTitle
from conduit_tui.core.json import Json
from conduit_tui.core.marks import Absence, Mark, Why
from conduit_tui.storage.fields import (
    JsonObject,
    as_list,
    as_object,
    encode_time,
    from_json,
    optional_string,
    readable_time,
    string,
    to_json,
)


def encode_changes(changes: Changes) -> str:
    """Return changes as JSON text."""
    return to_json([_encode(change) for change in changes])


def decode_changes(text: object) -> Changes:
    """Return the changes of `encode_changes`'s text; what cannot be read of it is left out.

    A later version may have written kinds of changes that are not known here.
    """
    try:
        values = as_list(from_json(str(text)))
    except (ValueError, RecursionError):
        return ()
    decoded = (_readable(value) for value in values)
    return tuple(change for change in decoded if change is not None)


def _encode(change: Change) -> Json:
    match change:
        case SetAbsence(message_id, absence):
            why = None if absence is None else absence.why
            since = None if absence is None else encode_time(absence.since)
            return {"kind": "absence", "message_id": message_id, "why": why, "since": since}
        case SetMark(message_id, mark):
            starred_at = None if mark.starred_at is None else encode_time(mark.starred_at)
            return {
                "kind": "mark",
                "message_id": message_id,
                "label": mark.label,
                "starred_at": starred_at,
                "note": mark.note,
            }
        case SetLeaf(leaf_id):
            return {"kind": "leaf", "leaf_id": leaf_id}
        case SetTitle(title, is_manual):
            return {"kind": "title", "title": title, "is_manual": is_manual}
        case _:
            assert_never(change)


def _readable(value: Json) -> Change | None:
    try:
        return _decode(as_object(value))
    except ValueError:
        return None


def _decode(fields: JsonObject) -> Change | None:
    match fields.get("kind"):
        case "absence":
            why, since = optional_string(fields, "why"), optional_string(fields, "since")
            absence = Absence(cast("Why", why), _time(since)) if why and since else None
            return SetAbsence(string(fields, "message_id"), absence)
        case "mark":
            starred_at = optional_string(fields, "starred_at")
            mark = Mark(
                optional_string(fields, "label"),
                None if starred_at is None else _time(starred_at),
                string(fields, "note"),
            )
            return SetMark(string(fields, "message_id"), mark)
        case "leaf":
            return SetLeaf(optional_string(fields, "leaf_id"))
        case "title":
            return SetTitle(string(fields, "title"), bool(fields.get("is_manual")))
        case _:
            return None


def _time(text: str) -> datetime:
    if (at := readable_time(text)) is not None:
        return at
    raise ValueError("expected an aware time")
