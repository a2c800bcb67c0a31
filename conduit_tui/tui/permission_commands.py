"""What slash commands do about leave for tools: one method for each row of the table."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from conduit_tui.core.clean import clean_line
from conduit_tui.core.consent import Choice
from conduit_tui.core.rule import Rule, Verdict, parse_rule
from conduit_tui.tui.slash import Mistake

if TYPE_CHECKING:
    from conduit_tui.tui.screens.chat import ChatScreen

HOW_ANSWER = "Write /answer y, s, a or n; behind n a reason may follow."
HOW_RULE = (
    "Write /permissions allow TOOL, or ask or deny, and if you like a pattern: "
    "allow file_write(/home/me/notes/**). `session` behind the verdict: for this session alone."
)

_CHOICES: dict[str, Choice] = {
    **dict.fromkeys(("y", "yes", "once"), "once"),
    **dict.fromkeys(("s", "session"), "session"),
    **dict.fromkeys(("a", "always"), "always"),
    **dict.fromkeys(("n", "no"), "no"),
}
_OF_SESSION = {"session", "--session"}
_PAST: dict[Verdict, str] = {"allow": "Allowed", "ask": "Asks", "deny": "Denied"}


@dataclass(frozen=True, slots=True)
class AnswerRequest:
    """What `/answer` is asked for."""

    choice: Choice
    reason: str = ""


def parse_answer(argument: str) -> AnswerRequest | Mistake:
    """Read the argument of `/answer`; a reason follows only a no."""
    word, _, reason = argument.strip().partition(" ")
    choice = _CHOICES.get(word.lower())
    if choice is None or (reason.strip() and choice != "no"):
        return Mistake(HOW_ANSWER)
    return AnswerRequest(choice, reason.strip())


def parse_permission(argument: str) -> Rule | Mistake:
    """Read the argument of `/permissions`: a verdict, maybe `session`, and a rule."""
    word, _, rest = argument.strip().partition(" ")
    verdict = next((each for each in get_args(Verdict) if each == word.lower()), None)
    first, _, behind = rest.strip().partition(" ")
    is_of_session = first.lower() in _OF_SESSION and bool(behind.strip())
    words = behind if is_of_session else rest
    if verdict is None:
        return Mistake(HOW_RULE)
    rule = parse_rule(words, verdict, "session" if is_of_session else "always")
    return Mistake(HOW_RULE) if rule is None else rule


class PermissionCommands:
    """`command_NAME` for answers to tools, and for rules about them."""

    def __init__(self, screen: "ChatScreen") -> None:
        self._screen = screen

    async def command_answer(self, argument: str) -> None:
        """Answer a tool that asks, or go to it."""
        if not argument:
            self._screen.answering.begin()
            return
        match parse_answer(argument):
            case Mistake(words):
                self._screen.say_problem(words)
            case AnswerRequest(choice, reason):
                self._screen.answering.answer(choice, reason)

    async def command_permissions(self, argument: str) -> None:
        """List what tools may do and revoke it, or add to it."""
        if not argument:
            await self._list()
            return
        match parse_permission(argument):
            case Mistake(words):
                self._screen.say_problem(words)
            case rule:
                await self._add(rule)

    async def _add(self, rule: Rule) -> None:
        screen, tooling = self._screen, self._screen.controller.tooling
        await tooling.permissions.add(screen.session, rule)
        await tooling.load()
        how = "in this session" if rule.whence == "session" else "always"
        words = f"{_PAST[rule.verdict]} {how}: {clean_line(str(rule))}."
        if rule.tool != "*" and rule.tool not in tooling.names:
            words += f" There is no tool {rule.tool!r} by now."
        screen.say(words)

    async def _list(self) -> None:
        """Show the rules until the list is left; what is revoked is gone from the next one."""
        from conduit_tui.tui.screens.permissions import PermissionsScreen

        screen, permissions = self._screen, self._screen.controller.tooling.permissions
        at = 0
        await permissions.load()
        while True:
            rules = permissions.rules(screen.session)
            where = clean_line(str(screen.settings.paths.settings_file))
            revoked = await screen.ask(PermissionsScreen(rules, where, at))
            if revoked is None:
                return
            at = rules.index(revoked)
            await permissions.revoke(screen.session, revoked)
            screen.say(f"Revoked: {revoked.verdict} {clean_line(str(revoked))}.")
