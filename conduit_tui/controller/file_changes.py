"""What tools did to files: kept before it is done, listed, taken back and done again.

What writes files is imported when it is needed, to keep the start short.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conduit_tui.controller.ledger import Ledger
from conduit_tui.core.errors import StorageError, ToolError
from conduit_tui.core.file_change import FileChange, FileContents, FileState
from conduit_tui.core.session import Session
from conduit_tui.storage.file_changes import FileChangeStore
from conduit_tui.tools.tool import Surroundings

if TYPE_CHECKING:
    from conduit_tui.tools.target import Target

_GONE = "What this file held is not kept any more."


@dataclass(frozen=True, slots=True)
class SessionFiles:
    """Where the calls of one message keep what a file held."""

    session: Session
    message_id: str | None
    ledger: Ledger
    store: FileChangeStore

    async def keep(self, path: str, before: bytes | None, after: bytes) -> None:
        """Keep both contents of a file that is about to be written. Raises StorageError."""
        await self.ledger.ensure_stored(self.session)
        contents = FileContents(before, after)
        now = datetime.now(UTC)
        await self.store.add(self.session.id, self.message_id, path, contents, now)


class FileChanges:
    """The changes that tools made, in the `surroundings` they made them in."""

    def __init__(self, ledger: Ledger, store: FileChangeStore, surroundings: Surroundings) -> None:
        self.directory = str(surroundings.directory)
        self._ledger = ledger
        self._store = store
        self._surroundings = surroundings

    def keeper(self, session: Session, message_id: str | None) -> SessionFiles:
        """Where the calls of a message keep what they are about to change."""
        return SessionFiles(session, message_id, self._ledger, self._store)

    async def listed(self, session: Session) -> tuple[FileChange, ...]:
        """The changes of a session, the newest first. Raises StorageError."""
        return await self._store.of_session(session.id)

    async def contents(self, change: FileChange) -> FileContents:
        """What the file held before and after. Raises StorageError."""
        contents = await self._store.contents(change.id)
        if contents is None:
            raise StorageError(_GONE)
        return contents

    async def states(self, changes: Sequence[FileChange]) -> tuple[FileState, ...]:
        """What the files of changes hold now."""
        return await asyncio.to_thread(self._states, changes)

    async def turn(self, change: FileChange) -> FileState:
        """Take a change back, or do it again if it was taken back; return what it is now.

        Raises ToolError if the file holds neither what was written nor what it held before, or if
        it cannot be written; then it is as it was. Raises StorageError.
        """
        contents = await self.contents(change)
        # Carried through once it is begun: half a change is none.
        state = await asyncio.shield(asyncio.to_thread(self._turn, change, contents))
        await self._store.set_reverted(change.id, datetime.now(UTC) if state == "undone" else None)
        return state

    def _states(self, changes: Sequence[FileChange]) -> tuple[FileState, ...]:
        from conduit_tui.tools.target import find_target

        held: dict[str, str | None] = {}
        for path in {change.path for change in changes}:
            try:
                with find_target(self._surroundings, path) as target:
                    held[path] = _sha256(target.before)
            except ToolError:  # a directory, say, or nothing that may be written
                held[path] = ""
        return tuple(change.state(held[change.path]) for change in changes)

    def _turn(self, change: FileChange, contents: FileContents) -> FileState:
        from conduit_tui.tools.target import find_target

        with find_target(self._surroundings, change.path) as target:
            match change.state(_sha256(target.before)):
                case "done":
                    _put(target, contents.before)
                    return "undone"
                case "undone":
                    _put(target, contents.after)
                    return "done"
                case "other":
                    raise ToolError(
                        f"{change.path!r} was changed again since; nothing was done. Take later "
                        "changes of it back first."
                    )


def _put(target: "Target", data: bytes | None) -> None:
    if data is None:
        target.remove()
    else:
        target.stage(data)
        target.swap()


def _sha256(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()
