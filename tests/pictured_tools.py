"""The pictures of tools and skills: a question in place, the tools, the skills."""

import os
from pathlib import Path

from conduit_tui.providers.guide.acting import NOTE
from conduit_tui.tui.app import ConduitApp
from tests.pictures import keep, say

OLD_NOTE = """\
# Note

The script `demo/guide` of conduit-tui wrote this, because you asked it to
write a file.
"""
SKILL = """\
---
name: release-notes
description: Writes release notes from a list of changes. Use when asked for a changelog.
---
# Release notes

1. **Group** the changes by what they mean for a reader, the most important first.
2. **Say what is different now**, not what was done: *exports keep their colours*.
3. Leave out what nobody can notice.

What breaks something of theirs stands first, with what to do:

```
`--colour` is `--color` now; the old name is an error.
```
"""
ANOTHER = SKILL.replace("Writes", "Makes")


def furnish(home: Path) -> None:
    """Make a project with a note in it, go there, and give the person two skills of one name."""
    project = home / "notes"
    project.mkdir()
    (project / NOTE).write_text(OLD_NOTE, "utf-8")
    for above, text in ((".config/conduit", SKILL), (".claude", ANOTHER)):
        skill = home / above / "skills/release-notes"
        skill.mkdir(parents=True)
        (skill / "SKILL.md").write_text(text, "utf-8")
    os.chdir(project)


async def drive_tools(app: ConduitApp, pilot, folder: Path) -> None:
    """Let the guide ask to write a file, and keep that; then answer, and list tools and skills."""
    app.chat.prompt.load("write a file", ())
    await pilot.press("enter")
    while not app.chat.controller.tooling.open_approvals():
        await pilot.pause(0.05)
    await pilot.pause(0.3)
    await pilot.press("f4")
    await pilot.pause(0.6)  # an answer that comes at once does not count
    keep(app, folder / "approval.svg")
    await pilot.press("y")
    await pilot.pause(0.5)
    await say(app, pilot, "/tools")
    await _keep_list(app, pilot, folder / "tools.svg", "down", "down")
    await say(app, pilot, "/skill release-notes")
    await say(app, pilot, "/skills")
    await _keep_list(app, pilot, folder / "skills.svg")


async def _keep_list(app: ConduitApp, pilot, path: Path, *keys: str) -> None:
    await pilot.pause(0.5)
    await pilot.press(*keys)
    await pilot.pause(0.5)
    keep(app, path)
    await pilot.press("escape")
    await pilot.pause(0.2)
