"""The path to the current leaf on the screen, and all around it that depends on it."""

from typing import TYPE_CHECKING

from conduit_tui.tui.entries import path_entries

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class PathShown:
    """Brings transcript, tree and what hangs on them up to date with the session on view."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    def refresh(self, *, keep_position: bool) -> None:
        """Show the path to the leaf as it is now; the view stays, or goes to its end."""
        screen, session = self._screen, self._screen.session
        screen.live.settle(session)
        screen.places.arrived()
        running = screen.controller.running_at_leaf(session)
        params = screen.controller.params_of(session)
        calls = screen.calls_shown.states()
        is_running = running is not None
        entries = path_entries(session, screen.live, params, calls, is_running=is_running)
        if not entries:
            screen.transcript.show_welcome(screen.surroundings.instead_of_messages())
        else:
            was_at_end = self._is_cursor_at_end() and not screen.finding.is_shown
            keep_position = keep_position or screen.mode == "find"
            screen.transcript.show(entries, keep_position=keep_position)
            # In NORMAL it stays if it can, but at the end it goes along: after r, h goes back.
            if screen.mode == "insert" or was_at_end:
                screen.transcript.cursor_id = entries[-1].id
        screen.unseen.saw(session, {entry.id for entry in entries})
        end_id = entries[-1].id if entries else None
        dots = screen.unseen.of(session)
        screen.message_tree.show(session, end_id, screen.live.nodes(session), dots)
        screen.message_tree.mark_asking(screen.calls_shown.asking_messages())
        screen.calls_shown.keep_time()
        screen.exploring.refresh()
        screen.comparing.refresh()
        screen.answering.questions_changed()
        screen.composer.show_queued(running)
        screen.refresh_status()

    def _is_cursor_at_end(self) -> bool:
        shown = self._screen.transcript.entries
        return not shown or shown[-1].id == self._screen.transcript.cursor_id
