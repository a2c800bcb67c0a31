"""The tools of a session: which are on, which a model is told of, and how they are put to work."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Protocol

from conduit_tui.controller.approvals import Approvals
from conduit_tui.controller.file_changes import FileChanges
from conduit_tui.controller.ledger import Ledger
from conduit_tui.controller.permissions import Permissions
from conduit_tui.controller.skill_calls import ENABLE_SKILL
from conduit_tui.controller.workbench import Workbench
from conduit_tui.core.consent import Approval, Decision
from conduit_tui.core.errors import ToolError
from conduit_tui.core.request import ToolSpec
from conduit_tui.core.session import Session
from conduit_tui.tools.tool import Surroundings, Tool
from conduit_tui.tools.toolbox import Bench, Toolbox


class Teaches(Protocol):
    """What skills bring to a session, and to the line that ends at one of its messages."""

    @property
    def spec(self) -> ToolSpec | None:
        """What a model is told of the tool that fetches a skill, where there are skills."""
        ...

    async def load(self) -> None:
        """Find the skills there are, where that is not done yet."""
        ...

    def check(self, session: Session) -> None:
        """Tell the person of skills that are switched on but not there."""
        ...

    def guidance(self, on: Sequence[str], *, lists: bool) -> str:
        """What a model reads below the system prompt, or nothing."""
        ...

    def tools(self, session: Session, leaf_id: str | None) -> tuple[Tool, ...]:
        """Tools that only this session has."""
        ...

    def readable(self, session: Session, leaf_id: str | None) -> tuple[Path, ...]:
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
            if session is not None:
                self._skills.check(session)
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

    def tools(self, session: Session) -> tuple[Tool, ...]:
        """Every tool there is so far: those that can be switched, then that of skills."""
        found = (self.toolbox.get(name) for name in self.names)
        tools = tuple(tool for tool in found if tool is not None)
        if self._skills is None:
            return tools
        return (*tools, *self._skills.tools(session, session.leaf_id))

    def runs_programs(self, name: str) -> bool:
        """Whether a tool may do whatever a program can."""
        tool = self.toolbox.get(name)
        return tool is not None and tool.effect == "run"

    def offered(self, session: Session) -> tuple[str, ...]:
        """The names of the tools a model is told of: those on, but what is denied.

        Where every tool is switched off, none is told of, not that of skills either.
        """
        on = self.switched_on(session)
        tools = [self.toolbox.get(name) for name in dict.fromkeys(on)]
        names = [
            tool.spec.name
            for tool in tools
            if tool is not None
            and not tool.lacks
            and self.permissions.may_offer(session, tool.spec.name, tool.effect)
        ]
        spec = self._skills.spec if self._skills is not None and on else None
        if spec is not None and self.permissions.may_offer(session, spec.name, "none"):
            names = [*(name for name in names if name != spec.name), spec.name]
        return tuple(names)

    def specs(self, session: Session) -> tuple[ToolSpec, ...]:
        """What a model is told of these tools."""
        return self.offer(self.offered(session))

    def offer(self, names: Sequence[str]) -> tuple[ToolSpec, ...]:
        """What a model is told of tools, that of skills among them, by their names."""
        specs = {spec.name: spec for spec in self.toolbox.offer(names)}
        spec = None if self._skills is None else self._skills.spec
        if spec is not None and spec.name in names:  # it goes before one of a package
            specs[spec.name] = spec
        return tuple(specs.values())

    def guidance(self, session: Session, *, takes_tools: bool = True) -> str:
        """What a model reads below the system prompt, or nothing."""
        tools = self.offered(session) if takes_tools else ()
        return self.guided_by(session.skills, tools)

    def guided_by(self, skills: Sequence[str], tools: Sequence[str]) -> str:
        """What a model reads that is offered these tools while these skills are on."""
        if self._skills is None:
            return ""
        return self._skills.guidance(skills, lists=ENABLE_SKILL in tools)

    def workbench(self, session: Session) -> Workbench:
        """The tools, at work in a session."""
        return Workbench(
            partial(self._bench, session),
            partial(self.offered, session),
            session,
            self.permissions,
            self.approvals,
            self._ledger,
        )

    def open_approvals(self, session: Session | None = None) -> tuple[Approval, ...]:
        """The questions that wait for a person, of one session or of all."""
        return self.approvals.open(None if session is None else session.id)

    def answer(self, approval_id: str, decision: Decision) -> bool:
        """Answer a question about a call; return whether it was still open."""
        return self.approvals.answer(approval_id, decision)

    def _bench(self, session: Session, leaf_id: str | None) -> Bench:
        """The tools as they are on the line that ends at a message."""
        surroundings = replace(self._surround(session), rules=self.permissions.rules(session))
        if self.files is not None:
            surroundings = replace(surroundings, files=self.files.keeper(session, leaf_id))
        if self._skills is None:
            return self.toolbox.bench(surroundings)
        readable = (*surroundings.readable, *self._skills.readable(session, leaf_id))
        surroundings = replace(surroundings, readable=readable)
        return self.toolbox.bench(surroundings, self._skills.tools(session, leaf_id))
