"""The tools of a session: which are on, which a model is told of, and how they are put to work."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol

from conduit_tui.controller.approvals import Approvals
from conduit_tui.controller.file_changes import FileChanges
from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.permissions import Permissions
from conduit_tui.controller.workbench import Workbench
from conduit_tui.core.consent import Approval, Decision
from conduit_tui.core.errors import ToolError
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
    """What the controller knows of tools.

    `usual` are on in sessions where nobody chose, `allowed` ones (by a flag) in every session.
    `files` is what tools did to files, where that is kept.
    """

    def __init__(
        self,
        toolbox: Toolbox,
        permissions: Permissions,
        ledger: Ledger,
        usual: Sequence[str],
        surround: Callable[[Session], Surroundings],
        skills: Teaches | None = None,
        allowed: Sequence[str] = (),
        files: FileChanges | None = None,
    ) -> None:
        self.toolbox = toolbox
        self.files = files
        self.permissions = permissions
        self.approvals = Approvals()
        self._ledger = ledger
        self._usual = tuple(usual)
        self._allowed = tuple(allowed)
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
        chosen = self._usual if session.tools is None else session.tools
        return (*chosen, *(name for name in self._allowed if name not in chosen))

    def check_name(self, name: str) -> None:
        """Raise ToolError, with the nearest names, if there is no tool of a name."""
        if name in self.names or name == "*":
            return
        near = get_close_matches(name, self.names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(self.names)}."
        raise ToolError(f"There is no tool named {name[:80]!r}.{hint}")

    def offered(self, session: Session) -> tuple[str, ...]:
        """The names of the tools a model is told of: those on, but what is denied."""
        on = (self.toolbox.get(name) for name in self.switched_on(session))
        tools = {tool.spec.name: tool for tool in on if tool is not None}
        tools |= {tool.spec.name: tool for tool in self._extra(session)}
        return tuple(
            name
            for name, tool in tools.items()
            if not tool.lacks and self.permissions.may_offer(session, name, tool.effect)
        )

    def specs(self, session: Session) -> tuple[ToolSpec, ...]:
        """What a model is told of these tools. Those of this session alone go first by name."""
        offered = self.offered(session)
        specs = {spec.name: spec for spec in self.toolbox.offer(offered)}
        specs |= {tool.spec.name: tool.spec for tool in self._extra(session)}
        return tuple(spec for name, spec in specs.items() if name in offered)

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
