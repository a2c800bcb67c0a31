"""What the widgets of the chat post, and whose matter each of it is."""

from typing import TYPE_CHECKING, cast

from textual import on

from conduit_tui.tui.screens.drag_within import DragWithin
from conduit_tui.tui.widgets.command_line import CommandLine
from conduit_tui.tui.widgets.find_line import FindLine
from conduit_tui.tui.widgets.message_tree import MessageTree
from conduit_tui.tui.widgets.prompt import Prompt
from conduit_tui.tui.widgets.session_list import SessionList
from conduit_tui.tui.widgets.transcript import Transcript

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen


class ChatPosts(DragWithin):
    """Hands it on. A class of its own that the screen stands on: Textual asks no other object."""

    @property
    def _chat(self) -> "ChatScreen":
        return cast("ChatScreen", self)  # nothing else stands on this class

    @on(CommandLine.Entered)
    def _command_entered(self, event: CommandLine.Entered) -> None:
        self._chat.mode = "normal"
        if event.line:
            self._chat.notices.go_on()
            self._chat.commands.run_line(event.line)

    @on(FindLine.Typed)
    def _find_typed(self, event: FindLine.Typed) -> None:
        self._chat.finding.typed(event.text)

    @on(Transcript.FindMoved)
    def _find_moved(self, event: Transcript.FindMoved) -> None:
        self._chat.finding.moved(event.count)

    @on(Transcript.AnswerClicked)
    def _answer_clicked(self, event: Transcript.AnswerClicked) -> None:
        self._chat.answering.clicked(event.approval_id, event.choice)

    @on(Prompt.Sent)
    def _sent(self, event: Prompt.Sent) -> None:
        self._chat.composer.sent(event.text, tuple(event.attachments))

    @on(Prompt.DraftChanged)
    def _draft_changed(self) -> None:
        self._chat.composer.changed()
        self._chat.meter.changed()

    @on(Prompt.PastedNothing)
    def _pasted_nothing(self) -> None:
        self._chat.run_worker(self._chat.files.paste(), group="paste")

    @on(Prompt.ChipOpened)
    def _chip_opened(self, event: Prompt.ChipOpened) -> None:
        self._chat.composer.open_chip(event.index)

    @on(Prompt.QueueTakenBack)
    def _queue_taken_back(self, event: Prompt.QueueTakenBack) -> None:
        self._chat.composer.take_back(event.index)

    @on(Prompt.Refused)
    def _refused(self, event: Prompt.Refused) -> None:
        self._chat.say_problem(event.words)

    @on(SessionList.Chosen)
    def _session_chosen(self, event: SessionList.Chosen) -> None:
        self._chat.actions.open_session(event.session_id)

    @on(SessionList.Wished)
    def _session_wished(self, event: SessionList.Wished) -> None:
        work = self._chat.listed.do(event.wish, event.session_id)
        self._chat.run_worker(work, group="commands")

    @on(SessionList.FilterChanged)
    @on(MessageTree.FilterChanged)
    def _filter_changed(self) -> None:
        self._chat.refresh_status()

    @on(SessionList.SortWanted)
    def _sort_wanted(self) -> None:
        self._chat.commands.run_line("/sort")

    @on(MessageTree.Chosen)
    def _message_chosen(self, event: MessageTree.Chosen) -> None:
        self._chat.actions.jump(event.message_id)
        self._chat.exploring.leave()

    @on(MessageTree.CursorMoved)
    def _tree_cursor_moved(self) -> None:
        self._chat.exploring.cursor_moved()

    @on(MessageTree.AmountsSwitched)
    def _amounts_switched(self) -> None:
        is_shown = self._chat.message_tree.shows_amounts
        where = "where they are known" if is_shown else "hidden"
        self._chat.status.hint = f"tokens and cost: {where}"
        self._chat.refresh_status()
