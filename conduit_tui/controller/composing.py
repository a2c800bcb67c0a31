"""Messages as a person writes them, before they are in a tree."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from conduit_tui.core.json import Json
from conduit_tui.core.message import BY_HAND, Attachment, Message, Role, Text, new_id
from conduit_tui.core.session import Session


def new_message(
    session: Session,
    role: Role,
    predecessor_id: str | None,
    text: str,
    attachments: Sequence[Attachment],
) -> Message:
    """A message of a session that is in no tree yet."""
    words = (Text(text),) if text else ()
    return Message(
        id=new_id(),
        session_id=session.id,
        predecessor_id=predecessor_id,
        role=role,
        parts=(*words, *attachments),
        created_at=datetime.now(UTC),
    )


def rewritten(
    session: Session, original: Message, text: str, attachments: Sequence[Attachment]
) -> Message:
    """A sibling of a message with other words; one of a reply keeps the model's name."""
    message = new_message(session, original.role, original.predecessor_id, text, attachments)
    if original.role != "assistant":
        return message
    data: Json = {BY_HAND: True}
    return replace(
        message,
        provider=original.provider,
        model=original.model,
        params=original.params,
        provider_data=data,
    )
