"""What may stand in settings.toml. Imported only where there is such a file: pydantic is slow."""

from typing import Annotated, Any, Literal, cast

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from conduit_tui.core.param_words import (
    HOTTEST,
    LARGEST_SEED,
    MOST_STOPS,
    MOST_TOKENS,
    parameter,
)
from conduit_tui.core.params import SAMPLING, ParamChanges, ParamValue
from conduit_tui.core.rule import Rule, Verdict, parse_rule
from conduit_tui.settings.values import Notify, NotifyWhen

MOST_STEPS = 100
LONGEST_IDLE_SECONDS = 3600
LEAST_NUM_CTX = 256
MOST_NUM_CTX = 16_777_216


def _check_url(value: str) -> str:
    from urllib.parse import urlsplit

    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not value.isprintable():
        raise ValueError("no http address")
    _ = parts.port  # raises ValueError where it is no number
    return value


def _check_provider_name(value: str) -> str:
    if not value or "/" in value or not value.isprintable() or " " in value:
        raise ValueError("no provider name")
    return value


def _check_rule(value: str) -> str:
    if parse_rule(value, "ask") is None:
        raise ValueError("no rule")
    return value


Words = Annotated[str, Field(min_length=1)]
Seconds = Annotated[float, Field(ge=1, le=LONGEST_IDLE_SECONDS, allow_inf_nan=False)]
VariableName = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
KindName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]
ProviderName = Annotated[str, AfterValidator(_check_provider_name)]
Url = Annotated[str, AfterValidator(_check_url)]
RuleText = Annotated[str, AfterValidator(_check_rule)]
ContextTokens = Annotated[int, Field(ge=LEAST_NUM_CTX, le=MOST_NUM_CTX)]
KeyNames = Words | list[Words]

_SECONDS = f"a number from 1 to {LONGEST_IDLE_SECONDS}"
_RULES = 'a list of rules, such as ["file_read(/home/ann/notes/**)", "fetch_url"]'
_NAMES = 'a list of names, such as ["one", "two"]'


_STOPS = f'a list of at most {MOST_STOPS} texts, such as ["END", "###"]'


def _param(name: str) -> Any:
    return Field(None, description=parameter(name).takes)


class ProviderTable(BaseModel):
    """`[providers.NAME]`. A field's description completes the sentence "KEY must be ..."."""

    model_config = ConfigDict(extra="forbid", strict=True)

    kind: KindName | None = Field(
        None,
        description='"openai-chat", "openai-responses", "openai" for both, "anthropic", "google", '
        '"ollama", or a word that an installed package gives',
    )
    base_url: Url | None = Field(
        None, description='an address such as "http://127.0.0.1:1234/v1", with http or https'
    )
    api_key_env: VariableName | None = Field(
        None, description="the name of an environment variable, not the key itself"
    )
    api_key: Words | None = Field(None, description="text in quotes")
    models: list[Words] | None = Field(None, description=_NAMES)
    tools: bool | None = Field(None, description="true or false")
    idle_seconds: Seconds | None = Field(None, description=_SECONDS)
    num_ctx: ContextTokens | dict[Words, ContextTokens] | None = Field(
        None,
        description=f"a whole number from {LEAST_NUM_CTX} to {MOST_NUM_CTX}, or a table of models "
        'and theirs, such as "qwen3:8b" = 32768',
    )
    think_tags: bool | Literal["implied"] | None = Field(
        None, description='true, false, or "implied" where the opening tag is left out'
    )


class ParamsTable(BaseModel):
    """`[params]`: the sampling settings of sessions that have none of their own."""

    model_config = ConfigDict(extra="forbid", strict=True)

    temperature: Annotated[float, Field(ge=0, le=HOTTEST)] | None = _param("temperature")
    top_p: Annotated[float, Field(ge=0, le=1)] | None = _param("top_p")
    max_tokens: Annotated[int, Field(ge=1, le=MOST_TOKENS)] | None = _param("max_tokens")
    stop: list[Words] | None = Field(None, max_length=MOST_STOPS, description=_STOPS)
    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = _param(
        "effort"
    )
    thinking_tokens: Annotated[int, Field(ge=0, le=MOST_TOKENS)] | None = _param("thinking_tokens")
    seed: Annotated[int, Field(ge=-LARGEST_SEED, le=LARGEST_SEED)] | None = _param("seed")
    search: bool | None = Field(None, description="true or false")

    def changes(self) -> ParamChanges:
        """What is set, by name."""
        return {
            name: tuple(cast("list[str]", value)) if isinstance(value, list) else value
            for name in SAMPLING
            if (value := cast("ParamValue", getattr(self, name))) is not None
        }


class PermissionsTable(BaseModel):
    """`[permissions]`: what tools may do, by rules such as "file_read(/home/ann/notes/**)"."""

    model_config = ConfigDict(extra="forbid", strict=True)

    deny: list[RuleText] = Field(default_factory=list[str], description=_RULES)
    ask: list[RuleText] = Field(default_factory=list[str], description=_RULES)
    allow: list[RuleText] = Field(default_factory=list[str], description=_RULES)

    def rules(self) -> tuple[Rule, ...]:
        """The rules, the strictest first."""
        written: tuple[tuple[Verdict, list[str]], ...] = (
            ("deny", self.deny),
            ("ask", self.ask),
            ("allow", self.allow),
        )
        read = (parse_rule(text, verdict) for verdict, texts in written for text in texts)
        return tuple(rule for rule in read if rule is not None)


class SettingsTable(BaseModel):
    """The whole file. A field's description completes the sentence "KEY must be ..."."""

    model_config = ConfigDict(extra="forbid", strict=True)

    model: Words | None = Field(None, description='text in quotes, such as "openai/gpt-5"')
    theme: Words | None = Field(None, description='text in quotes, such as "conduit-light"')
    system_prompt: str | None = Field(None, description="text in quotes")
    tools: list[Words] | None = Field(None, description=_NAMES)
    permissions: PermissionsTable = Field(
        default_factory=lambda: PermissionsTable.model_validate({}),
        description='a table such as [permissions] with deny = ["run_shell"]',
    )
    max_steps: Annotated[int, Field(ge=1, le=MOST_STEPS)] | None = Field(
        None, description=f"a whole number from 1 to {MOST_STEPS}"
    )
    idle_seconds: Seconds | None = Field(None, description=_SECONDS)
    params: ParamsTable = Field(
        default_factory=lambda: ParamsTable.model_validate({}),
        description="a table such as [params] with temperature = 0.2",
    )
    cache: bool | None = Field(None, description="true or false")
    notify: Notify | None = Field(None, description='"bell", "notification", "both" or "off"')
    notify_when: NotifyWhen | None = Field(None, description='"unfocused" or "always"')
    print_on_quit: bool | None = Field(None, description="true or false")
    titles: bool | None = Field(None, description="true or false")
    title_model: Words | None = Field(None, description='text in quotes, such as "openai/gpt-5"')
    keys: dict[str, KeyNames] = Field(
        default_factory=dict[str, "str | list[str]"],
        description='a table of actions and their keys, such as quit = "ctrl+q"',
    )
    providers: dict[ProviderName, ProviderTable] = Field(
        default_factory=dict[str, ProviderTable],
        description="a table such as [providers.lmstudio], its name without blanks and slashes",
    )
