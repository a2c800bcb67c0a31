"""The tool by which a model fetches the body of a skill."""

from collections.abc import Collection, Mapping, Sequence

from conduit_tui.controller.skill_calls import ENABLE_SKILL, is_asked_before
from conduit_tui.core.errors import ToolError
from conduit_tui.core.json import Json
from conduit_tui.core.message import ToolCall
from conduit_tui.core.request import ToolSpec
from conduit_tui.core.skill import Skill
from conduit_tui.skills.telling import listed_lines, wrapped
from conduit_tui.tools.tool import Tool, ToolContext

_MOST_NAMES_SAID = 40
_DESCRIPTION = "Bring in the instructions of a skill, before you begin what it is for."


def enable_skill_spec(skills: Collection[Skill]) -> ToolSpec:
    """What a model is told of the tool: it takes one of the names.

    Shipped skills are described here and all others below the system prompt, so that without
    skills of one's own no request gets a system prompt that nobody wrote. Descriptions of tools
    are short: OpenAI takes 1,024 characters.
    """
    options: list[Json] = [skill.name for skill in skills]
    shipped = listed_lines([skill for skill in skills if skill.source == "shipped"])
    return ToolSpec(
        name=ENABLE_SKILL,
        description="\n".join((_DESCRIPTION, *shipped)),
        schema={
            "type": "object",
            "properties": {
                "name": {"type": "string", "enum": options, "description": "The skill's name."}
            },
            "required": ["name"],
            "additionalProperties": False,
        },
    )


def enable_skill(
    spec: ToolSpec,
    skills: Mapping[str, Skill],
    on: Collection[str],
    enabled: Collection[str],
    calls: Sequence[ToolCall] = (),
) -> Tool:
    """Return the tool for one line: `on` are switched on by hand, `enabled` were fetched there.

    `calls` are those of the message that asks now: a skill that is fetched twice in it comes once.
    """

    async def run(context: ToolContext, arguments: dict[str, Json]) -> str:
        name = arguments.get("name")
        if not isinstance(name, str) or (skill := skills.get(name)) is None:
            raise ToolError(f"There is no skill named {name!r}. {_names_said(skills)}")
        if name in on:
            return f"{name!r} is switched on already: its text stands below the system prompt."
        if name in enabled or is_asked_before(context.call, calls):
            return f"{name!r} is enabled already: its text is in an earlier result here."
        return wrapped(skill)

    return Tool(spec, run, effect="none")


def _names_said(skills: Mapping[str, Skill]) -> str:
    names = list(skills)
    more = f" and {len(names) - _MOST_NAMES_SAID} more" if len(names) > _MOST_NAMES_SAID else ""
    return f"Skills: {', '.join(names[:_MOST_NAMES_SAID])}{more}."
