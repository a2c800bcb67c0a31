"""The files that tools changed in the session on view: listed, shown, taken back."""

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conduit_tui.controller.file_changes import FileChanges
from conduit_tui.core.errors import ConduitError
from conduit_tui.core.file_change import FileChange
from conduit_tui.core.session import Session

if TYPE_CHECKING:
    from conduit_tui.tui.screens.changes import ChangedFile
    from conduit_tui.tui.screens.chat import ChatScreen


class ChangedFiles:
    """Asks what is to be done to changes of files, and does it."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    async def show(self) -> None:
        """List the changes until the list is closed; each may be taken back, or done again."""
        from conduit_tui.tui.screens.changes import Changes

        screen, session, at = self._screen, self._screen.session, None
        files = screen.controller.tooling.files
        while changes := await _listed(files, session):
            assert files is not None
            by_id = {str(change.id): change for change in changes}
            rows = await _rows(files, changes)

            async def diff(change_id: str, files: FileChanges = files) -> str:
                return await _diff(files, by_id[change_id])  # noqa: B023 - of this list

            answer = await screen.ask(Changes(rows, diff, datetime.now(UTC), at))
            if answer is None:
                return
            at = answer[1]
            await self._turn(files, by_id[at])
        screen.say("No tool has changed a file in this session.")

    async def _turn(self, files: FileChanges, change: FileChange) -> None:
        path = _short(files, change.path)
        try:
            state = await files.turn(change)
        except ConduitError as error:
            self._screen.say_problem(str(error))
            return
        if state == "done":
            self._screen.say(f"{path} is as the tool wrote it again.")
        elif change.before is None:
            self._screen.say(f"{path}, which a tool had made, is gone; u makes it again.")
        else:
            self._screen.say(f"{path} is as it was before; u does the change again.")


async def _listed(files: FileChanges | None, session: Session) -> tuple[FileChange, ...]:
    return () if files is None else await files.listed(session)


async def _rows(files: FileChanges, changes: tuple[FileChange, ...]) -> "list[ChangedFile]":
    from conduit_tui.tui.screens.changes import ChangedFile

    states = await files.states(changes)
    return [
        ChangedFile(
            str(change.id),
            _short(files, change.path),
            change.before is None,
            change.changed_at,
            state,
        )
        for change, state in zip(changes, states, strict=True)
    ]


async def _diff(files: FileChanges, change: FileChange) -> str:
    from conduit_tui.tools.change_text import change_text

    try:
        contents = await files.contents(change)
    except ConduitError as error:
        return str(error)
    return await asyncio.to_thread(change_text, change.path, contents.before, contents.after)


def _short(files: FileChanges, path: str) -> str:
    """A path as it is from the working directory, if it is in it."""
    return path.removeprefix(f"{files.directory.rstrip('/')}/")
