"""Reads aliases.toml, a person's own short names for models. Nothing in it stops the program."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import SettingsError
from conduit_tui.core.json import Json
from conduit_tui.settings.reading import read_file

MOST_BYTES = 64 * 1024

_EXAMPLE = 'write alias = "provider/model"'


def read_aliases(path: Path, notices: list[str]) -> dict[str, str]:
    """Return the aliases that make sense; words about the others go to `notices`, with the line."""
    try:
        content = read_file(path, MOST_BYTES)
    except FileNotFoundError:
        return {}
    except SettingsError as error:
        notices.append(clean_line(f"{error} Its aliases are not used."))
        return {}
    return _parse(path, content, notices)


def _parse(path: Path, content: bytes, notices: list[str]) -> dict[str, str]:
    from conduit_tui.settings.toml_lines import line_of
    from conduit_tui.settings.toml_text import Mistake, parse

    try:
        parsed = parse(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        notices.append(
            clean_line(f"{path}, line {line}: this is not UTF-8 text. Its aliases are not used.")
        )
        return {}
    aliases, wrong = _checked(parsed.values)
    mistakes = [
        *parsed.mistakes,
        *(Mistake(line_of(parsed.text, (alias,)), words) for alias, words in wrong.items()),
    ]
    notices.extend(
        clean_line(f"{path}, line {mistake.line}: {mistake.words}")
        for mistake in sorted(mistakes, key=lambda mistake: mistake.line)
    )
    return aliases


def _checked(values: Mapping[str, Json]) -> tuple[dict[str, str], dict[str, str]]:
    """What can be used, and what is wrong with the rest."""
    wrong: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for alias, target in values.items():
        if words := _mistake(alias, target):
            wrong[alias] = words
        elif isinstance(target, str):
            aliases[alias] = target.strip()
    for alias in list(_circular(aliases)):
        wrong[alias] = f"{alias!r} leads back to itself; let it stand for a model."
        del aliases[alias]
    return aliases, wrong


def _mistake(alias: str, target: Json) -> str:
    if not alias or "/" in alias or " " in alias or not alias.isprintable():
        return f"{alias!r} is no alias: a word without blanks and slashes is one."
    if not isinstance(target, str) or not target.strip():
        return f"{alias!r} must stand for the name of a model, in quotes; {_EXAMPLE}."
    return ""


def _circular(aliases: Mapping[str, str]) -> Iterator[str]:
    following = {alias.casefold(): target.casefold() for alias, target in aliases.items()}
    for alias in aliases:
        seen: set[str] = set()
        at = alias.casefold()
        while at in following and at not in seen:
            seen.add(at)
            at = following[at]
        if at in seen:
            yield alias
