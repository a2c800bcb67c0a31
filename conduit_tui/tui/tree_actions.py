"""What keys do to branches and to the marks on messages: one method for each action."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from conduit_tui.core import structure
from conduit_tui.core.errors import NotPossible
from conduit_tui.core.marks import label_problem
from conduit_tui.core.message import Message
from conduit_tui.core.message_name import quoted
from conduit_tui.core.session import Session
from conduit_tui.core.structure import Plan, loss, pruned_roots
from conduit_tui.tui.screens.confirm import Agree
from conduit_tui.tui.screens.line_input import LineInput, TextInput
from conduit_tui.tui.tree_words import prune_question
from conduit_tui.tui.tree_work import TreeWork


class TreeActions(TreeWork):
    """`do_ID` for pruning, stars, labels and notes."""

    def do_prune(self) -> None:
        """Ask, then put the message with all below it into the session's trash."""
        message = self.chosen("prune")
        if message is None:
            return
        session = self._screen.session
        root = structure.calling(session, message.id)

        def plan() -> Plan:
            return structure.prune(session, root, datetime.now(UTC))

        words = f"prune {quoted(session[root])}"
        self._prune(lambda: plan() if session.is_visible(root) else None, words)

    def do_prune_others(self) -> None:
        """Ask, then put all that is not on the path to the message into the trash."""
        message = self.chosen("prune around")
        if message is None:
            return
        session = self._screen.session
        kept = None if message in session.path(session.leaf_id) else message.id

        def plan() -> Plan | None:
            try:
                return structure.prune_others(session, datetime.now(UTC), kept)
            except NotPossible as error:
                self._screen.say(str(error))
                return None

        self._prune(plan, "prune everything but the path", of_others=True)

    def do_star(self) -> None:
        """Star the message, or take its star away."""
        message = self.chosen("star")
        if message is None:
            return
        session = self._screen.session
        is_starred = session.mark(message.id).starred_at is not None
        plan = structure.star(session, message.id, None if is_starred else datetime.now(UTC))
        words = f"{'unstar' if is_starred else 'star'} {quoted(message)}"
        self.done(session, self._structure.carry_out(session, plan, words))
        self.hint("no star any more" if is_starred else "starred")

    def do_label(self) -> None:
        """Ask for the label of the message; an empty one takes it away."""
        if message := self.chosen("label"):
            self._ask_label(message.id, self._screen.session.mark(message.id).label or "")

    def do_note(self) -> None:
        """Ask for the note on the message; an empty one takes it away."""
        message = self.chosen("annotate")
        if message is None:
            return

        def take(text: str | None) -> None:
            if text is not None:
                self.annotate(message.id, text)

        now = self._screen.session.mark(message.id).note
        self.open(TextInput(f"Note on {quoted(message)}", now, "empty takes it away"), take)

    # Also asked for by commands

    def label(self, message_id: str, name: str) -> bool:
        """Label a message, or with nothing unlabel it; returns False if the name cannot be used."""
        screen, session = self._screen, self._screen.session
        if message_id not in session:
            return True
        if name and (problem := label_problem(name)):
            screen.say_problem(problem)
            return False
        before = session.mark(message_id).label or ""
        if before == name:
            return True
        holder = session.labelled(name) if name else None
        plan = structure.label(session, message_id, name or None)
        on = quoted(session[message_id])
        words = f'label "{name}" on {on}' if name else f'no label "{before}" on {on}'
        self.done(session, self._structure.carry_out(session, plan, words))
        if holder is not None:
            where = "" if session.is_visible(holder.id) else ", which is in the trash"
            screen.say(f"Label {name} moved here from {quoted(holder)}{where}.")
        else:
            self.hint(f"labelled {name}" if name else "no label any more")
        return True

    def annotate(self, message_id: str, text: str) -> None:
        """Put a note on a message; an empty one takes it away."""
        session = self._screen.session
        if message_id not in session or session.mark(message_id).note == text:
            return
        plan = structure.annotate(session, message_id, text)
        words = f"{'note' if text else 'no note'} on {quoted(session[message_id])}"
        self.done(session, self._structure.carry_out(session, plan, words))
        self.hint("noted" if text else "no note any more")

    def _ask_label(self, message_id: str, value: str) -> None:
        title = f"Label of {quoted(self._screen.session[message_id])}"

        def take(name: str | None) -> None:
            if name is not None and not self.label(message_id, name):
                self._ask_label(message_id, name)

        self.open(LineInput(title, value, "one word, such as best; empty takes it away"), take)

    def _prune(
        self, plan: Callable[[], Plan | None], words: str, *, of_others: bool = False
    ) -> None:
        session = self._screen.session
        wanted = plan()
        if wanted is None or self.refuses(session, pruned_roots(wanted), "prune"):
            return
        cost = loss(session, pruned_roots(wanted))
        question = prune_question(cost, self.undo_key(), of_others=of_others)

        def take(is_agreed: bool | None) -> None:
            # What came while it was asked counts: the tree may be another now.
            wanted = plan() if is_agreed else None
            if wanted is not None and not self.refuses(session, pruned_roots(wanted), "prune"):
                hit = _hit(session, pruned_roots(wanted))
                storing = self._structure.carry_out(session, wanted, words)
                self.done(session, storing, _instead_of(session, hit))

        self.open(Agree("Prune", question, "Prune", "Keep"), take)


def _hit(session: Session, roots: Sequence[str]) -> Message | None:
    """What of the path is pruned first."""
    gone = set(roots)
    return next((each for each in session.path(session.leaf_id) if each.id in gone), None)


def _instead_of(session: Session, pruned: Message | None) -> str | None:
    """What stands now where something of the path was pruned, else what is above it."""
    if pruned is None:
        return None
    path, above = session.path(session.leaf_id), pruned.predecessor_id
    return next((each.id for each in path if each.predecessor_id == above), above)
