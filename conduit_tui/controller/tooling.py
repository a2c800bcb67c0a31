"""The tools of a session: which are on, which a model is told of, and how they are put to work."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from conduit_tui.controller.approvals import Approvals
from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.permissions import Permissions
from conduit_tui.controller.workbench import Workbench
from conduit_tui.core.consent import Approval, Decision
from conduit_tui.core.request import ToolSpec
from conduit_tui.core.session import Session
from conduit_tui.tools.tool import Surroundings, Tool
from conduit_tui.tools.toolbox import Toolbox


class Teaches(Protocol):
    """What skills bring to a session."""

    async def load(self) -> None:
        """Find the skills there are, once."""
        ...

    def guidance(self, session: Session) -> str:
        """What a model reads below the system prompt, or nothing."""
        ...

    def tools(self, session: Session) -> tuple[Tool, ...]:
        """Tools that only this session has."""
        ...

    def readable(self, session: Session) -> tuple[Path, ...]:
        """Directories below which reading needs no question."""
        ...


class Tooling:
    """What the controller knows of tools. `usual` are on in sessions where nobody chose."""

    def __init__(
        self,
        toolbox: Toolbox,
        permissions: Permissions,
        ledger: Ledger,
        usual: Sequence[str],
        surround: Callable[[Session], Surroundings],
        skills: Teaches | None = None,
    ) -> None:
        self.toolbox = toolbox
        self.permissions = permissions
        self.approvals = Approvals()
        self._ledger = ledger
        self._usual = tuple(usual)
        self._surround = surround
        self._skills = skills

    @property
    def names(self) -> tuple[str, ...]:
        """The tools there are; those that are brought in late once `load` did so."""
        return self.toolbox.names

    async def load(self, session: Session | None = None) -> None:
        """Bring in what a session needs, or all there is, once; the person is told what fails."""
        await self.permissions.load()
        if self._skills is not None:
            await self._skills.load()
        wanted = None if session is None else self.switched_on(session)
        if not self.toolbox.has_all(wanted if wanted is not None else ("",)):
            for words in await asyncio.to_thread(self.toolbox.load, wanted):
                self._ledger.notify(words)

    def switched_on(self, session: Session) -> tuple[str, ...]:
        """The names of the tools a session has switched on."""
        return self._usual if session.tools is None else session.tools

    def tools(self, session: Session) -> tuple[Tool, ...]:
        """Every tool there is so far: those that can be switched, then those of skills."""
        found = (self.toolbox.get(name) for name in self.names)
        return (*(tool for tool in found if tool is not None), *self._extra(session))

    def offered(self, session: Session) -> tuple[str, ...]:
        """The names of the tools a model is told of: those on, but what is denied."""
        tools = (self.toolbox.get(name) for name in self.switched_on(session))
        names = [
            tool.spec.name
            for tool in (*(each for each in tools if each is not None), *self._extra(session))
            if not tool.lacks and self.permissions.may_offer(session, tool.spec.name, tool.effect)
        ]
        return tuple(names)

    def specs(self, session: Session) -> tuple[ToolSpec, ...]:
        """What a model is told of these tools."""
        extra = tuple(tool.spec for tool in self._extra(session))
        offered = self.offered(session)
        return (*self.toolbox.offer(offered), *(each for each in extra if each.name in offered))

    def guidance(self, session: Session) -> str:
        """What a model reads below the system prompt, or nothing."""
        return "" if self._skills is None else self._skills.guidance(session)

    def workbench(self, session: Session) -> Workbench:
        """The tools, at work in a session."""
        surroundings = self._surround(session)
        if self._skills is not None:
            readable = (*surroundings.readable, *self._skills.readable(session))
            surroundings = replace(surroundings, readable=readable)
        bench = self.toolbox.bench(surroundings, self._extra(session))
        return Workbench(bench, session, self.permissions, self.approvals, self._ledger)

    def open_approvals(self, session: Session | None = None) -> tuple[Approval, ...]:
        """The questions that wait for a person, of one session or of all."""
        return self.approvals.open(None if session is None else session.id)

    def answer(self, approval_id: str, decision: Decision) -> bool:
        """Answer a question about a call; return whether it was still open."""
        return self.approvals.answer(approval_id, decision)

    def _extra(self, session: Session) -> tuple[Tool, ...]:
        return () if self._skills is None else self._skills.tools(session)
