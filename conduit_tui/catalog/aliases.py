"""Short names for models: ours from `aliases.toml`, a person's own over them."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from conduit_tui.catalog.rows import builtin_rows
from conduit_tui.core.endpoint import Endpoint


@cache
def builtin_aliases() -> Mapping[str, str]:
    """The aliases that come with the program, each for a full name."""
    text = files("conduit_tui.catalog").joinpath("aliases.toml").read_text("utf-8")
    return {alias: str(target) for alias, target in tomllib.loads(text).items()}


def all_aliases(own: Mapping[str, str], endpoints: Mapping[str, Endpoint]) -> dict[str, str]:
    """Ours and a person's own, in small letters; their own count where both name one.

    One of ours steps back where a provider, or a model they wrote down, has that very name.
    """
    taken = {name.casefold() for name in endpoints} | {
        model.casefold()
        for name, endpoint in endpoints.items()
        for model in endpoint.models
        if name not in builtin_rows()
    }
    ours = {alias: target for alias, target in builtin_aliases().items() if alias not in taken}
    return ours | {alias.casefold(): target for alias, target in own.items()}


def meaning(name: str, aliases: Mapping[str, str]) -> str | None:
    """What an alias stands for at the end, through aliases of aliases; None if it is none."""
    target = aliases.get(name.casefold())
    seen = {name.casefold()}
    while target is not None and (key := target.casefold()) in aliases and key not in seen:
        seen.add(key)
        target = aliases[key]
    return target
