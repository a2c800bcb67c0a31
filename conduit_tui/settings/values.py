"""The settings as the program uses them: values, already checked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from conduit_tui.core.endpoint import EndpointSettings, Secret
from conduit_tui.core.params import ParamChanges, ParamValue
from conduit_tui.core.rule import Rule
from conduit_tui.settings.paths import Paths

Notify: TypeAlias = Literal["bell", "notification", "both", "off"]
"""What the terminal does when a reply ends."""

NotifyWhen: TypeAlias = Literal["unfocused", "always"]
"""Whether it does so only while the terminal has no focus."""

DEFAULT_MAX_STEPS = 10
DEFAULT_IDLE_SECONDS = 60.0
DEFAULT_NOTIFY: Notify = "bell"
DEFAULT_NOTIFY_WHEN: NotifyWhen = "unfocused"


@dataclass(frozen=True, slots=True)
class Flags:
    """What the command line says; `None` where it says nothing."""

    model: str | None = None
    system_prompt: str | None = None
    theme: str | None = None
    debug: bool = False
    cache: bool | None = None
    params: ParamChanges = field(default_factory=dict[str, ParamValue])


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be chosen.

    `tools` are those that are on in new sessions, None: the usual ones; `permissions` are rules
    about what they may do. `params` are the usual sampling settings, `cache` whether replies are
    kept to be given again.
    `titles` says whether sessions are named by a model, `title_model` by which; None: their own.
    `keys` are bindings: an action's id to its keys, such as `"ctrl+x,f5"`. `aliases` are a person's
    own names for models. `api_keys` are the stored ones, by provider. `environ` is where vendors'
    own variables are looked up; it may hold keys, so it is left out of the repr. `flags` are
    what the command line said. `notices` are words for the person about mistakes.
    """

    paths: Paths
    model: str | None = None
    theme: str | None = None
    system_prompt: str | None = None
    tools: tuple[str, ...] | None = None
    permissions: tuple[Rule, ...] = ()
    max_steps: int = DEFAULT_MAX_STEPS
    idle_seconds: float = DEFAULT_IDLE_SECONDS
    params: ParamChanges = field(default_factory=dict[str, ParamValue])
    cache: bool = False
    notify: Notify = DEFAULT_NOTIFY
    notify_when: NotifyWhen = DEFAULT_NOTIFY_WHEN
    print_on_quit: bool = False
    titles: bool = True
    title_model: str | None = None
    providers: Mapping[str, EndpointSettings] = field(default_factory=dict[str, EndpointSettings])
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    api_keys: Mapping[str, Secret] = field(default_factory=dict[str, Secret])
    environ: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    debug: bool = False
    flags: Flags = field(default_factory=Flags)
    notices: tuple[str, ...] = ()
