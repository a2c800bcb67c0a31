"""Reads settings.toml. Nothing in it can stop the program."""

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from conduit_tui.core.clean import clean_line
from conduit_tui.core.endpoint import EndpointSettings, Secret
from conduit_tui.core.errors import SettingsError
from conduit_tui.core.json import Json
from conduit_tui.core.params import ParamChanges, ParamValue
from conduit_tui.core.rule import Rule
from conduit_tui.settings.reading import read_with_status
from conduit_tui.settings.values import Notify, NotifyWhen

if TYPE_CHECKING:  # pydantic is slow to import
    from conduit_tui.settings.schema import ProviderTable, SettingsTable

MOST_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class SettingsFile:
    """What the file says; `None` where it says nothing."""

    model: str | None = None
    theme: str | None = None
    system_prompt: str | None = None
    tools: tuple[str, ...] | None = None
    permissions: tuple[Rule, ...] = ()
    max_steps: int | None = None
    idle_seconds: float | None = None
    params: ParamChanges = field(default_factory=dict[str, ParamValue])
    cache: bool | None = None
    notify: Notify | None = None
    notify_when: NotifyWhen | None = None
    print_on_quit: bool | None = None
    titles: bool | None = None
    title_model: str | None = None
    keys: Mapping[str, str] = field(default_factory=dict[str, str])
    providers: Mapping[str, EndpointSettings] = field(default_factory=dict[str, EndpointSettings])


def read_settings_file(path: Path, notices: list[str]) -> SettingsFile:
    """Return what is right in the file, and add words to `notices` about what is not."""
    try:
        content, status = read_with_status(path, MOST_BYTES)
    except FileNotFoundError:
        return SettingsFile()
    except SettingsError as error:
        notices.append(clean_line(f"{error} The defaults are used."))
        return SettingsFile()
    values = parse_settings(path, content, notices)
    if stat.S_IMODE(status.st_mode) & 0o077:
        _warn_of_open_keys(path, values, notices)
    return values


def parse_settings(
    path: Path,
    content: bytes,
    notices: list[str],
    strip: Callable[[dict[str, Json]], None] = lambda _values: None,
) -> SettingsFile:
    """Return what is right in a file of this content; `strip` takes out what does not count."""
    from conduit_tui.settings.checking import check
    from conduit_tui.settings.toml_text import MOST_MISTAKES, parse

    try:
        parsed = parse(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        notices.append(f"{_place(path, line)}: this is not UTF-8 text. The defaults are used.")
        return SettingsFile()
    strip(parsed.values)
    table, wrong = check(parsed)
    mistakes = sorted((*parsed.mistakes, *wrong), key=lambda mistake: mistake.line)
    notices.extend(
        clean_line(f"{_place(path, mistake.line)}: {mistake.words}") for mistake in mistakes
    )
    if len(parsed.mistakes) == MOST_MISTAKES:
        notices.append(clean_line(f"{path} has too many mistakes; the defaults are used."))
    return _values(table)


def _values(table: "SettingsTable") -> SettingsFile:
    return SettingsFile(
        model=table.model,
        theme=table.theme,
        system_prompt=table.system_prompt,
        tools=None if table.tools is None else tuple(table.tools),
        permissions=table.permissions.rules(),
        max_steps=table.max_steps,
        idle_seconds=table.idle_seconds,
        params=table.params.changes(),
        cache=table.cache,
        notify=table.notify,
        notify_when=table.notify_when,
        print_on_quit=table.print_on_quit,
        titles=table.titles,
        title_model=table.title_model,
        keys={
            action: keys if isinstance(keys, str) else ",".join(keys)
            for action, keys in table.keys.items()
        },
        providers={name: _endpoint(provider) for name, provider in table.providers.items()},
    )


def _endpoint(table: "ProviderTable") -> EndpointSettings:
    return EndpointSettings(
        kind=table.kind,
        base_url=table.base_url,
        api_key=Secret(table.api_key.strip()) if table.api_key else None,
        api_key_env=table.api_key_env,
        models=None if table.models is None else tuple(table.models),
        takes_tools=table.tools,
        idle_seconds=table.idle_seconds,
        num_ctx={"": table.num_ctx} if isinstance(table.num_ctx, int) else table.num_ctx,
        think_tags=table.think_tags,
    )


def _warn_of_open_keys(path: Path, values: SettingsFile, notices: list[str]) -> None:
    for name, provider in values.providers.items():
        if provider.api_key:
            notices.append(
                clean_line(
                    f"{path} holds a key (providers.{name}.api_key) and others on this machine can "
                    f"read it: run chmod 600 on it, or name a variable with api_key_env."
                )
            )


def _place(path: Path, line: int) -> str:
    return f"{clean_line(str(path))}, line {line}"
