"""ANSWER: the keys answer a tool that asks, and do nothing else."""

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from textual import events
from textual.timer import Timer

from conduit_tui.core.clean import clean_line
from conduit_tui.core.consent import Approval, Choice, Decision
from conduit_tui.core.errors import StorageError
from conduit_tui.tui.answer_guard import ALONE_SECONDS, HELD_SECONDS, AnswerGuard
from conduit_tui.tui.widgets.question_words import may_last, pattern_words
from conduit_tui.tui.widgets.reason_line import ReasonLine

if TYPE_CHECKING:
    from conduit_tui.tui.modes import ChatMode
    from conduit_tui.tui.screens.chat import ChatScreen

NOTHING_ASKS = "No tool asks."

_CHOICES: dict[str, Choice] = {"y": "once", "s": "session", "a": "always"}
_LINES = {"j": 1, "down": 1, "k": -1, "up": -1}
_ACTIONS = {"answer", "interrupt", "keys", "page_up", "page_down", "quit"}
"""What keys do beside answering: scrolling, help, and the ways out."""


class Answering:
    """Goes to questions and answers them. `current` is the one that the keys answer.

    A key answers if for `alone_seconds` no other comes behind it.
    """

    def __init__(self, screen: "ChatScreen", clock: Callable[[], float] = time.monotonic) -> None:
        self._screen = screen
        self.clock = clock
        self.alone_seconds = ALONE_SECONDS
        self.current: Approval | None = None
        self._looked_at: Timer | None = None
        self._before: ChatMode = "insert"
        self._guard = AnswerGuard(lambda: self.clock())

    # What is open

    def open_here(self) -> list[Approval]:
        """The open questions on view, from top to bottom: they are those of one message."""
        screen = self._screen
        waiting = screen.controller.tooling.open_approvals(screen.session)
        shown = {entry.id for entry in screen.transcript.entries} if waiting else set[str]()
        here = [each for each in waiting if each.message_id in shown]
        return sorted(here, key=lambda each: each.index)

    def open_all(self) -> list[Approval]:
        """All open questions: those on view first, then those of this session, then others."""
        screen = self._screen
        waiting = screen.controller.tooling.open_approvals()
        here = self.open_here()
        away = [each for each in waiting if each not in here]
        return [*here, *sorted(away, key=lambda each: each.session_id != screen.session.id)]

    def is_about(self, approval: Approval) -> bool:
        """Whether what is pressed now answers this question."""
        current = self.current
        return self._screen.mode == "answer" and current is not None and current.id == approval.id

    # Going there

    def begin(self) -> None:
        """Go to the oldest question, one on view before others; from a question to the next."""
        waiting = self.open_all()
        ids = [each.id for each in waiting]
        at = ids.index(self.current.id) + 1 if self.current and self.current.id in ids else 0
        if not waiting:
            self._screen.say(NOTHING_ASKS)
        else:
            self._go_to(waiting[at % len(waiting)])

    def begin_if_asked(self) -> bool:
        """Go to the oldest question, if there is one; returns whether there is."""
        is_asked = bool(self.open_all())
        if is_asked:
            self.begin()
        return is_asked

    def begin_at(self, message_id: str | None) -> bool:
        """Go to the question of a message on view; returns whether there is one."""
        found = next((each for each in self.open_here() if each.message_id == message_id), None)
        if found is not None:
            self._turn_to(found)
        return found is not None

    def _go_to(self, approval: Approval) -> None:
        screen = self._screen
        if approval in self.open_here():
            self._turn_to(approval)
        elif approval.session_id == screen.session.id:
            self._jump_to(approval)
        else:
            screen.run_worker(self._open_session_of(approval), group="open", exclusive=True)

    async def _open_session_of(self, approval: Approval) -> None:
        screen = self._screen
        try:
            session = await screen.controller.shelf.open(approval.session_id)
        except StorageError as error:
            screen.say_problem(str(error))
            return
        if session is not None:
            await screen.show_session(session)
            self._jump_to(approval)

    def _jump_to(self, approval: Approval) -> None:
        def go() -> None:
            if approval not in self.open_here():
                self._screen.actions.jump(approval.message_id)
            if approval in self.open_here():
                self._turn_to(approval)

        self._screen.when_whole(go)

    def _turn_to(self, approval: Approval) -> None:
        screen = self._screen
        if screen.mode != "answer":
            self._before = "insert" if screen.mode == "insert" else "normal"
        self._close_reason()
        self.current = approval
        self._guard.put_off()
        screen.exploring.end()
        screen.target.read_tree(False)
        screen.transcript.cursor_id = approval.message_id
        screen.mode = "answer"
        screen.calls_shown.refresh()
        screen.transcript.reveal_question(approval.message_id, approval.id)
        screen.refresh_status()

    # Leaving

    def leave(self) -> None:
        """Go back to where the keys were; the question stays open."""
        if self._screen.mode == "answer":
            self._screen.mode = self._before

    def lose_keys(self) -> None:
        """Take note that a list was given the keys, and keeps them."""
        screen = self._screen
        if screen.mode == "answer":
            screen.set_reactive(type(screen).mode, "normal")
            self.left()

    def come_back(self) -> None:
        """Take note that a person comes from elsewhere, to whichever question is on view."""
        self._guard.come_back()

    def keep_reason(self) -> None:
        """Leave the keys with the reason, if one is written, wherever else was clicked."""
        line = self._screen.query_one(ReasonLine)
        if line.display and not line.has_focus_within:
            line.take_keys()

    def left(self) -> None:
        """Take note that the keys do something else now."""
        if self.current is not None:
            self.current = None
            self._close_reason()
            self._screen.calls_shown.refresh()

    def questions_changed(self) -> None:
        """Take in that questions came or went, or that others are on view now."""
        here = self.open_here()
        ids = tuple(each.id for each in here)
        self._guard.show(ids)
        if self.current is not None and self.current.id not in ids:
            if self._screen.query_one(ReasonLine).display:
                self._screen.say("That question is settled.")
            self._to_next(here)

    # Answering

    def take_key(self, event: events.Key) -> None:
        """Act on a key; what is typed for a reason stays with its line."""
        screen, key = self._screen, event.key
        self._drop_looked_at()
        if screen.query_one(ReasonLine).display:
            if key not in ("enter", "escape"):
                return
            self._end_reason(sends=key == "enter")
        elif key == "escape":
            self.leave()
        elif key in _CHOICES or key == "n":
            self._pressed(_CHOICES.get(key, "no"))
        elif key in _LINES:
            screen.transcript.scroll_relative(y=_LINES[key], animate=False)
        elif key in ("home", "end"):
            self._show(at_end=key == "end")
        elif (action := screen.keymap.action_for(key, "insert")) in _ACTIONS and action:
            screen.actions.run(action)
        else:
            self._guard.put_off()
        event.stop()
        event.prevent_default()

    def clicked(self, approval_id: str, choice: Choice | None) -> None:
        """Answer what was clicked; what leaves it open goes to the question, or leaves it."""
        found = next((each for each in self.open_here() if each.id == approval_id), None)
        if found is None or not self._guard.takes_click():
            return
        if choice is None and self.is_about(found):
            self.leave()
        elif choice is None:
            self._turn_to(found)
        elif choice == "no":
            self._turn_to(found)
            self._open_reason()
        else:
            self._give(found, Decision(choice))

    def answer(self, choice: Choice, reason: str = "") -> None:
        """Answer the oldest question on view, as a command does."""
        here = self.open_here()
        if not here:
            key = self._screen.keymap.hint("answer")
            away = f" {key} goes to where one does." if key and self.open_all() else ""
            self._screen.say(f"{NOTHING_ASKS if not away else 'No tool asks here.'}{away}")
        elif not self._guard.takes_click():
            self._screen.say("A question has only just come. Look at it, then answer again.")
        elif choice in ("session", "always") and not may_last(here[0].act):
            self._screen.say("This asks every time: answer y or n.")
        else:
            self._give(here[0], Decision(choice, reason))

    def _pressed(self, choice: Choice) -> None:
        """Take an answer if it does not come too soon, and nothing comes right behind it."""
        current = self.current
        if current is None or not self._guard.takes_key():
            return
        choose = partial(self._chosen, current, choice)
        if self.alone_seconds:
            self._looked_at = self._screen.set_timer(self.alone_seconds, choose)
        else:
            choose()

    def _drop_looked_at(self) -> None:
        """Another key comes: if one is being looked at, neither answers."""
        if self._looked_at is not None:
            self._looked_at.stop()
            self._looked_at = None
            self._guard.put_off()

    def _chosen(self, current: Approval, choice: Choice) -> None:
        self._looked_at = None
        if not self.is_about(current):
            return
        if choice == "no":
            self._open_reason()
        elif choice == "once" or may_last(current.act):
            self._give(current, Decision(choice))

    def _give(self, approval: Approval, decision: Decision) -> None:
        screen = self._screen
        if not screen.controller.tooling.answer(approval.id, decision):
            screen.say("That question is settled.")
        elif decision.choice in ("session", "always"):
            how = "for this session" if decision.choice == "session" else "always"
            words = clean_line(pattern_words(approval.act))
            screen.say(f"Allowed {how}: {words}. /permissions takes it back.")
        screen.calls_shown.refresh()
        self.questions_changed()
        self._guard.put_off(HELD_SECONDS)
        screen.refresh_status()

    def _to_next(self, here: list[Approval]) -> None:
        if here:
            self._turn_to(here[0])
        else:
            self._close_reason()
            self.leave()

    def _show(self, *, at_end: bool) -> None:
        if self.current is not None:
            transcript, asking = self._screen.transcript, self.current
            transcript.reveal_question(asking.message_id, asking.id, at_end=at_end)

    # The reason

    def _open_reason(self) -> None:
        self._screen.query_one(ReasonLine).open()
        self._screen.refresh_status()

    def _end_reason(self, *, sends: bool) -> None:
        reason, asking = self._screen.query_one(ReasonLine).text.strip(), self.current
        self._close_reason()
        if sends and asking is not None:
            self._give(asking, Decision("no", reason))
        self._screen.refresh_status()

    def _close_reason(self) -> None:
        line = self._screen.query_one(ReasonLine)
        if line.display:
            had_focus = line.has_focus_within
            line.close()
            if had_focus and self._screen.mode == "answer":
                self._screen.transcript.focus()
