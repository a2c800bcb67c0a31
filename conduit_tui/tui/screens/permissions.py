"""The screen of what tools may do: every rule that holds, and where it comes from."""

from collections.abc import Sequence
from typing import ClassVar, assert_never

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from conduit_tui.core.laid_bare import laid_bare
from conduit_tui.core.rule import Rule, Verdict, Whence
from conduit_tui.tui.screens.choices import Choices, Row
from conduit_tui.tui.screens.dialog import Dialog, Frame

NO_RULES = "No rules: reading in the working directory is allowed; what writes or runs asks."
STRENGTH = "Deny goes before ask, and ask before allow. /permissions allow RULE adds one."

_MEANS: dict[Verdict, str] = {"allow": "allow", "ask": "ask  ", "deny": "deny "}


class PermissionsScreen(Dialog[Rule]):
    """Lists the rules; returns the one to revoke. `settings_file` is where those of settings stand.

    Only a person's own answers are revoked here.
    """

    AUTO_FOCUS = "Choices"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q", "leave", "Close", show=False),
        Binding("x,delete", "revoke", "Revoke", show=False),
    ]
    DEFAULT_CSS = """
    PermissionsScreen {
        & Frame { width: 96; max-height: 90%; }
        & Choices { max-height: 100%; }
        & Static { height: auto; max-height: 6; margin-top: 1; color: $foreground-muted; }
        &.-tiny Frame, &.-low Frame { max-height: 100%; }
        &.-tiny Static, &.-low Static { display: none; }
    }
    """

    def __init__(self, rules: Sequence[Rule], settings_file: str, at: int = 0) -> None:
        super().__init__()
        self._rules = rules
        self._settings_file = settings_file
        self._at = at

    def compose(self) -> ComposeResult:
        """The rules, and words about the one under the cursor."""
        with Frame("What tools may do", ("x", "revoke"), ("Esc", "close")):
            yield Choices(empty=NO_RULES, is_careful=True)
            yield Static(Content(STRENGTH))

    def on_mount(self) -> None:
        """Show the rules, the cursor where it was."""
        choices = self.query_one(Choices)
        rows = [
            Row(_words(each), str(at), _from(each.whence)) for at, each in enumerate(self._rules)
        ]
        choices.show(rows, str(min(self._at, len(rows) - 1)))
        self.watch(choices, "cursor", self._tell)

    @on(Choices.Chosen)
    def _choose(self) -> None:
        self._tell()

    def action_revoke(self) -> None:
        """Take a rule of the person's own back; of others say where they stand."""
        rule = self._rule
        if rule is not None and rule.whence in ("always", "session"):
            self.dismiss(rule)
        elif rule is not None:
            self.notify(self._where(rule), markup=False)

    @property
    def _rule(self) -> Rule | None:
        value = self.query_one(Choices).value
        return None if value is None else self._rules[int(value)]

    def _tell(self) -> None:
        """Show all of the rule under the cursor: the list may have cut it."""
        rule = self._rule
        words = STRENGTH if rule is None else f"{_words(rule)}\n{self._where(rule)}"
        self.query_one(Static).update(Content(words))

    def _where(self, rule: Rule) -> str:
        match rule.whence:
            case "settings":
                return f"It stands below [permissions] in {self._settings_file}."
            case "flag":
                return "It was given on the command line, with --allow."
            case "always":
                return "Your answer, for every session; x takes it back."
            case "session":
                return "Your answer, for this session; x takes it back."
            case _:
                assert_never(rule.whence)


def _words(rule: Rule) -> str:
    return f"{_MEANS[rule.verdict]}  {laid_bare(str(rule)).replace(chr(10), '⏎')}"


def _from(whence: Whence) -> str:
    match whence:
        case "settings":
            return "settings.toml"
        case "flag":
            return "--allow"
        case "always":
            return "always"
        case "session":
            return "this session"
        case _:
            assert_never(whence)
