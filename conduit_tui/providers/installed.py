"""Kinds of providers that come from installed packages, of the group `conduit_tui.providers`."""

from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, contextmanager, suppress
from typing import cast

from conduit_tui.core.clean import clean_line
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import BadResponse, ConduitError, SettingsError
from conduit_tui.core.events import ProviderEvent
from conduit_tui.core.installed import PROVIDERS, Installed, installed
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.core.request import Request
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
    return Guarded(cast("Provider", made), _whose(offered))


class Guarded:
    """A provider around one of a package: what goes wrong in it is a BadResponse that names it."""

    def __init__(self, provider: Provider, whose: str) -> None:
        self._provider = provider
        self._whose = whose

    @property
    def name(self) -> str:
        """The name of the provider within."""
        return self._provider.name

    async def stream(self, request: Request) -> AsyncGenerator[ProviderEvent, None]:
        """Pass the events on."""
        with self._translated():
            async with aclosing(self._provider.stream(request)) as stream:
                async for event in stream:
                    yield event

    async def list_models(self) -> tuple[ModelFacts, ...]:
        """Pass the list on."""
        with self._translated():
            return tuple(await self._provider.list_models())

    async def count_tokens(self, request: Request, /) -> int | None:
        """Pass the count on."""
        with self._translated():
            return await self._provider.count_tokens(request)

    async def aclose(self) -> None:
        """Close the provider within; a failure to do so is nobody's concern any more."""
        with suppress(Exception):
            await self._provider.aclose()

    @contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except ConduitError:
            raise
        except Exception as error:  # code that is not ours may fail in any way
            raise BadResponse(
                f"{self._whose} failed with {type(error).__name__}. Update or remove the package."
            ) from error


def _whose(offered: Installed) -> str:
    return clean_line(f"The kind {offered.name!r} of the package {offered.package!r}")
