"""What tools may do in a session: rules, and a person's answers turned into rules."""

from collections.abc import Sequence
from dataclasses import replace

from conduit_tui.controller.ledger import Ledger
from conduit_tui.core.consent import Act, Decision, Effect
from conduit_tui.core.errors import StorageError
from conduit_tui.core.rule import Rule, Verdict, literal, verdict
from conduit_tui.core.session import Session
from conduit_tui.storage.permissions import PermissionStore

MAY_LEAK = "Files were read or attached here: see that the address tells nothing of them."


class Permissions:
    """Rules from settings and flags (`configured`), from answers for always, and for a session.

    Without a person (`has_person`) what would be asked is denied.
    """

    def __init__(
        self,
        ledger: Ledger,
        store: PermissionStore,
        configured: Sequence[Rule] = (),
        *,
        has_person: bool = True,
    ) -> None:
        self.has_person = has_person
        self._ledger = ledger
        self._store = store
        self._configured = tuple(configured)
        self._always: tuple[Rule, ...] | None = None

    async def load(self) -> None:
        """Read the rules that always hold, once; while they cannot be read there are none."""
        if self._always is None:
            try:
                found = await self._store.always()
            except StorageError as error:
                found = ()
                self._ledger.notify(f"What is always allowed could not be read: {error}")
            if self._always is None:  # it may have been read, and added to, meanwhile
                self._always = found

    def configure(self, rules: Sequence[Rule]) -> None:
        """Let these rules take the place of those from settings and flags."""
        self._configured = tuple(rules)

    def rules(self, session: Session) -> tuple[Rule, ...]:
        """All rules that hold in a session: configured, always, and its own."""
        return (*self._configured, *(self._always or ()), *session.rules)

    def verdict(self, session: Session, act: Act) -> Verdict:
        """What the rules say of an act, in the light of what was done before."""
        return verdict(self.rules(session), self.in_light(session, act))

    def in_light(self, session: Session, act: Act) -> Act:
        """An act as it is after what was done before: behind files, the network always asks.

        So does what a rule has ask: an answer that allows more would not hold against it.
        """
        if act.always_asks:
            return act
        if act.effect == "network" and session.has_read_files and not act.follows:
            return replace(act, always_asks=True, warnings=(*act.warnings, MAY_LEAK))
        asking = (each for each in self.rules(session) if each.verdict == "ask" and each.fits(act))
        if (rule := next(asking, None)) is not None:
            words = f"A rule has this ask every time: {rule}."
            return replace(act, always_asks=True, warnings=(*act.warnings, words))
        return act

    def may_offer(self, session: Session, tool: str, effect: Effect) -> bool:
        """Whether a model is told of a tool: not of a denied one, nor of one nobody can allow."""
        rules = [rule for rule in self.rules(session) if rule.tool in (tool, "*")]
        if any(rule.verdict == "deny" and rule.is_of_whole_tool for rule in rules):
            return False
        if self.has_person:
            return True
        if any(rule.verdict == "ask" and rule.is_of_whole_tool for rule in rules):
            return False
        return effect in ("none", "read") or any(rule.verdict == "allow" for rule in rules)

    async def learn(self, session: Session, act: Act, decision: Decision) -> None:
        """Make a rule of an answer that lasts. Raises StorageError; it holds in this run then.

        Of what always asks there is none: it would allow other things than the one that was asked.
        """
        if decision.choice not in ("session", "always"):
            return
        if act.always_asks:
            self._ledger.notify(f"Allowed once: what {act.tool} did is asked for every time.")
            return
        whence = "session" if decision.choice == "session" else "always"
        await self.add(session, Rule("allow", act.tool, act.wider or literal(act.subject), whence))

    async def add(self, session: Session, rule: Rule) -> None:
        """Let a rule hold for this session, or always. Raises StorageError."""
        if rule.whence == "session":
            if rule not in session.rules:
                session.rules = (*session.rules, rule)
            await self._ledger.ensure_stored(session)
            await self._store.add(rule, session.id)
        else:
            await self.load()
            if rule not in (self._always or ()):
                self._always = (*(self._always or ()), rule)
            await self._store.add(rule, None)

    async def revoke(self, session: Session, rule: Rule) -> None:
        """Let a rule of this session, or one for always, hold no more. Raises StorageError."""
        await self.load()
        session.rules = tuple(each for each in session.rules if each != rule)
        self._always = tuple(each for each in self._always or () if each != rule)
        await self._store.remove(rule, session.id if rule.whence == "session" else None)

    async def note_attached(self, session: Session) -> None:
        """Remember that a person attached files, as if they had been read.

        Where nobody can be asked it counts for nothing: whoever names a file and allows a tool in
        one command has decided.
        """
        if self.has_person:
            await self.note_read(session)

    async def note_read(self, session: Session) -> None:
        """Remember that a tool has read files, or run a program, in a session."""
        if session.has_read_files:
            return
        session.has_read_files = True
        try:
            await self._ledger.ensure_stored(session)
            await self._store.note_read(session.id)
        except StorageError as error:
            self._ledger.notify(f"It could not be kept that files were read here: {error}")
