"""Kinds of providers that come from installed packages, of the group `conduit_tui.providers`."""

from collections.abc import Callable
from typing import cast

from conduit_tui.core.clean import clean_line
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import ConduitError, SettingsError
from conduit_tui.core.installed import PROVIDERS, Installed, installed
from conduit_tui.providers.base import Provider

_PARTS = ("stream", "list_models", "count_tokens", "aclose")


def installed_kinds() -> dict[str, Installed]:
    """The kinds that packages offer, by name; of two with one name the first counts."""
    kinds: dict[str, Installed] = {}
    for each in installed(PROVIDERS):
        kinds.setdefault(each.name, each)
    return kinds


def build_installed(endpoint: Endpoint, offered: Installed) -> Provider:
    """Bring the package in and have it make the provider.

    Raises SettingsError, naming the package, for one that fails or makes something else.
    """
    try:
        make = offered.load()
        made = cast("Callable[[Endpoint], object]", make)(endpoint)
    except ConduitError:
        raise
    except Exception as error:  # code that is not ours may fail in any way
        raise SettingsError(
            f"{_whose(offered)} failed with {type(error).__name__}, so {endpoint.name!r} cannot "
            f"be used. Update or remove the package."
        ) from error
    missing = [part for part in _PARTS if not callable(getattr(made, part, None))]
    if missing or not isinstance(getattr(made, "name", None), str):
        raise SettingsError(
            f"{_whose(offered)} makes no provider (it lacks {', '.join(missing or ['name'])}), so "
            f"{endpoint.name!r} cannot be used. Update or remove the package."
        )
    return cast("Provider", made)


def _whose(offered: Installed) -> str:
    return clean_line(f"The kind {offered.name!r} of the package {offered.package!r}")
