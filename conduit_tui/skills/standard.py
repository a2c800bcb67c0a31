"""The standard's rules for front matter, to the letter: https://agentskills.io/specification

As its reference validator does, letters of any script are taken in names, once composed (NFKC);
but not those that cannot be seen.
"""

import unicodedata
from collections.abc import Iterator, Mapping

from conduit_tui.core.clean import clean_line
from conduit_tui.skills.yaml_strings import Yaml

FIELDS = ("name", "description", "license", "compatibility", "metadata", "allowed-tools")
LONGEST_NAME = 64
LONGEST_DESCRIPTION = 1024
LONGEST_COMPATIBILITY = 500

_ALIKE = frozenset(("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"))


def problems(fields: Mapping[str, Yaml], folder: str) -> Iterator[str]:
    """What in the front matter of a skill in a folder of this name is against the standard."""
    for key in fields:
        if key == "type":
            yield "'type' is no key of the standard; write it as conduit-type under metadata."
        elif key not in FIELDS:
            yield f"{key!r} is no key of the standard; other data goes under metadata."
    yield from _name_problems(fields.get("name"), folder)
    yield from _text_problems("description", fields.get("description", ""), LONGEST_DESCRIPTION)
    if "compatibility" in fields:
        yield from _text_problems("compatibility", fields["compatibility"], LONGEST_COMPATIBILITY)
    if not isinstance(fields.get("license", ""), str):
        yield "'license' must be text."
    if not isinstance(fields.get("allowed-tools", ""), str):
        yield "'allowed-tools' must be text, its tools apart by blanks."
    if "metadata" in fields:
        yield from _metadata_problems(fields["metadata"])


def composed(name: str) -> str:
    """A name as it is compared."""
    return unicodedata.normalize("NFKC", name.strip())


def name_problems(name: str) -> Iterator[str]:
    """What in a name is against the standard."""
    name = composed(name)
    if len(name) > LONGEST_NAME:
        yield f"its name has {len(name)} characters; at most {LONGEST_NAME} are allowed."
    if name != name.lower():
        yield f"its name {name!r} is not in lower case."
    if name.startswith("-") or name.endswith("-"):
        yield f"its name {name!r} begins or ends with a hyphen."
    if "--" in name:
        yield f"its name {name!r} has two hyphens in a row."
    if not all(letter.isalnum() or letter == "-" for letter in name):
        yield f"its name {name!r} has other characters than letters, digits and hyphens."
    elif clean_line(name) != name:
        yield f"its name {clean_line(name)!r} has letters that cannot be seen."


def scripts_in(name: str) -> tuple[str, ...]:
    """Those of the scripts with letters that look alike which a name has letters of."""
    names = (unicodedata.name(letter, "") for letter in name if letter.isalpha())
    return tuple(sorted({first for each in names if (first := each.split(" ")[0]) in _ALIKE}))


def _name_problems(name: "Yaml | None", folder: str) -> Iterator[str]:
    if name is None or (isinstance(name, str) and not name.strip()):
        yield "it has no name."
        return
    if not isinstance(name, str):
        yield "'name' must be text."
        return
    yield from name_problems(name)
    if composed(name) != composed(folder):
        yield f"its name {composed(name)!r} is not that of its folder, {folder!r}."


def _text_problems(key: str, value: Yaml, longest: int) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{key!r} must be text."
    elif not value.strip():
        yield f"it has no {key}." if key == "description" else f"{key!r} is empty."
    elif len(value) > longest:
        yield f"its {key} has {len(value):,} characters; at most {longest:,} are allowed."


def _metadata_problems(metadata: Yaml) -> Iterator[str]:
    if not isinstance(metadata, dict):
        yield "'metadata' must hold keys with values."
        return
    for key, value in metadata.items():
        if not isinstance(value, str):
            yield f"'metadata: {key}' must be text."
