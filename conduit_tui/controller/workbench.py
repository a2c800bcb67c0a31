"""A session's tools as its engine runs them: what they are about to do is permitted, or asked."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from conduit_tui.controller.approvals import Approvals
from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.permissions import Permissions
from conduit_tui.core.asked import asked_of
from conduit_tui.core.consent import NOT_DONE, SAID_NO, Act, Approval
from conduit_tui.core.events import ApprovalNeeded, ApprovalSettled
from conduit_tui.core.message import ToolCall, ToolResult, new_id
from conduit_tui.core.request import ToolSpec
from conduit_tui.core.session import Session
from conduit_tui.engine.execution import Tell
from conduit_tui.tools.tool import Denied
from conduit_tui.tools.toolbox import Bench

LONGEST_REASON = 2_000
LONGEST_AT_ONCE = 10_000
"""Characters that are laid bare without a thread: the worst of them take some 20 ms."""


class Workbench:
    """Runs the calls of one turn. `bench` gives the tools on the line that ends at a message.

    `offered` are the names of those that are on now: one may be switched off in mid-turn.
    """

    def __init__(
        self,
        bench: Callable[[str | None], Bench],
        offered: Callable[[], Sequence[str]],
        session: Session,
        permissions: Permissions,
        approvals: Approvals,
        ledger: Ledger,
    ) -> None:
        self._bench = bench
        self._offered = offered
        self._session = session
        self._permissions = permissions
        self._approvals = approvals
        self._ledger = ledger

    def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """The tools a model is told of."""
        return self._bench(None).offer(self._still(names))

    async def run(
        self, message_id: str, index: int, call: ToolCall, offered: Sequence[str], tell: Tell
    ) -> ToolResult:
        """Run a call; a person is asked where the rules say so."""

        async def permit(act: Act) -> None:
            act = self._permissions.in_light(self._session, act)
            verdict = self._permissions.verdict(self._session, act)
            if verdict == "deny":
                raise Denied(f"{act.tool} may not do this: a rule denies it.")
            if verdict == "ask":
                await self._ask(
                    Approval(new_id(), self._session.id, message_id, index, call, act), tell
                )
            if act.effect in ("read", "run"):
                await self._permissions.note_read(self._session)

        return await self._bench(message_id).run(call, self._still(offered), permit)

    def _still(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those of the tools a turn began with that are on now."""
        now = self._offered()
        return tuple(name for name in names if name in now)

    async def _ask(self, approval: Approval, tell: Tell) -> None:
        if not self._permissions.has_person:
            raise Denied(_nobody_there(approval.act))
        approval = await _in_words(approval)
        tell(ApprovalNeeded(approval))
        try:
            decision = await self._approvals.ask(approval, partial(self._is_allowed, approval.act))
        except asyncio.CancelledError:
            tell(ApprovalSettled(approval, None))
            raise
        tell(ApprovalSettled(approval, decision))
        if not decision.is_yes:
            reason = decision.reason.strip()[:LONGEST_REASON]
            words = f"{SAID_NO}: {_sentence(reason)}" if reason else f"{SAID_NO}."
            raise Denied(f"{words} {NOT_DONE}")
        await self._ledger.quietly(self._permissions.learn(self._session, approval.act, decision))
        self._approvals.settle()

    def _is_allowed(self, act: Act) -> bool:
        return self._permissions.verdict(self._session, act) == "allow"


async def _in_words(approval: Approval) -> Approval:
    """The question with its words; those of much text are made on a thread."""
    act, call = approval.act, approval.call
    if len(act.subject) + len(act.preview) + len(call.arguments) <= LONGEST_AT_ONCE:
        return replace(approval, asked=asked_of(act, call))
    return replace(approval, asked=await asyncio.to_thread(asked_of, act, call))


def _nobody_there(act: Act) -> str:
    words = f"{act.tool} needs a person's approval, and nobody is there to ask. It was not done."
    if act.always_asks:
        return f"{words} Nothing allows it beforehand."
    return f"{words} (For the person: --allow {act.tool} allows it.)"


def _sentence(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."
