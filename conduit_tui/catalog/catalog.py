"""Which providers there are, and which of their models a name means."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import urlsplit

from conduit_tui.catalog.aliases import meaning
from conduit_tui.catalog.rows import Row, builtin_rows
from conduit_tui.core.endpoint import Endpoint, EndpointSettings, Secret
from conduit_tui.core.errors import UnknownModel
from conduit_tui.core.json import Json

PROBE_SECONDS = 0.3
NO_ALIASES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class KeyFound:
    """Whether a provider can be used, and through which variable; never the key itself.

    `variable` is the one that is set, empty when the key is stored or none is needed;
    `variables` are all that would do.
    """

    provider: str
    is_usable: bool
    variable: str
    variables: tuple[str, ...]


def load_endpoints(
    overrides: Mapping[str, EndpointSettings],
    environ: Mapping[str, str],
    stored_keys: Mapping[str, Secret],
    default_idle_seconds: float,
) -> dict[str, Endpoint]:
    """Return every provider by name: the built-in ones, then those of the settings.

    A field set under `[providers.NAME]` wins over the vendor's variable, and that over the row.
    A key comes from the settings, else from the environment, else from the stored keys.
    """
    rows = builtin_rows()
    names = (*rows, *(name for name in overrides if name not in rows))
    return {
        name: _endpoint(
            name,
            rows.get(name),
            overrides.get(name, EndpointSettings()),
            environ,
            stored_keys.get(name),
            default_idle_seconds,
        )
        for name in names
    }


def full_pair(name: str, endpoints: Mapping[str, Endpoint]) -> tuple[str, str] | None:
    """Provider and model of a full name with a known provider: its server knows best."""
    provider, slash, model = name.strip().partition("/")
    return (provider, model) if slash and model and provider in endpoints else None


def resolve(
    name: str,
    endpoints: Mapping[str, Endpoint],
    known_models: Mapping[str, Sequence[str]],
    aliases: Mapping[str, str] = NO_ALIASES,
) -> tuple[str, str]:
    """Return provider and model for a name a person typed.

    `provider/anything` with a known provider is taken as it is. Otherwise the name is an alias, a
    model's own name, a provider's (its first model), or a part that only one model has; of
    models, those that are suggested go before the rest of a server's list, so that a part does
    not lose its meaning when a list comes in. Providers that can be used go before those without
    a key. Raises UnknownModel with the nearest three.
    """
    wanted = name.strip()
    target = meaning(wanted, aliases) or wanted
    if (full := full_pair(target, endpoints)) is not None:
        return full
    known = _known(endpoints, known_models)
    usable = [pair for pair in known if endpoints[pair[0]].is_usable]
    suggested = [pair for pair in usable if pair[1] in endpoints[pair[0]].models]
    for pairs in (suggested, usable, known):
        found = _find(target, _once(pairs, endpoints)) or _find(target, pairs)
        if found is not None:
            return found
    raise _unknown(wanted, target, known, aliases)


def keys_found(
    endpoints: Mapping[str, Endpoint], environ: Mapping[str, str]
) -> tuple[KeyFound, ...]:
    """Tell for each provider whether it can be used; for the welcome and the model picker."""
    return tuple(
        KeyFound(
            provider=name,
            is_usable=endpoint.is_usable,
            variable=_variable_in_use(endpoint, environ),
            variables=endpoint.api_key_env,
        )
        for name, endpoint in endpoints.items()
    )


async def is_listening(base_url: str, seconds: float = PROBE_SECONDS) -> bool:
    """Whether something accepts connections at the host and port of a URL; sends nothing."""
    try:
        parts = urlsplit(base_url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        async with asyncio.timeout(seconds):
            _, writer = await asyncio.open_connection(parts.hostname or "127.0.0.1", port)
    except (OSError, ValueError):
        return False
    writer.close()
    return True


def is_this_machine(base_url: str) -> bool:
    """A server of one's own, which mostly wants no key."""
    try:
        host = urlsplit(base_url).hostname or ""
    except ValueError:
        return False
    return host in {"localhost", "::1"} or host.startswith("127.")


def _endpoint(
    name: str,
    row: Row | None,
    settings: EndpointSettings,
    environ: Mapping[str, str],
    stored_key: Secret | None,
    default_idle_seconds: float,
) -> Endpoint:
    is_new = row is None
    row = row or Row()
    variables = (settings.api_key_env,) if settings.api_key_env else row.api_key_env
    base_url = (settings.base_url or row.url(environ)).rstrip("/")
    idle = settings.idle_seconds
    return Endpoint(
        name=name,
        kind=settings.kind or row.kind,
        base_url=base_url,
        api_key=settings.api_key or _key_of(variables, environ) or stored_key,
        api_key_env=variables,
        key_optional=row.key_optional
        or (is_new and not settings.api_key_env)
        or is_this_machine(base_url),
        models=row.models if settings.models is None else settings.models,
        takes_tools=row.takes_tools if settings.takes_tools is None else settings.takes_tools,
        idle_seconds=default_idle_seconds if idle is None else idle,
        quirks=_quirks(row, settings),
        price_list=row.price_list,
        num_ctx=dict(settings.num_ctx or {}),
    )


def _quirks(row: Row, settings: EndpointSettings) -> dict[str, Json]:
    """What the row says of its server, and what the person does."""
    said = {"think_tags": settings.think_tags}
    return {**row.quirks, **{name: value for name, value in said.items() if value is not None}}


def _key_of(variables: Sequence[str], environ: Mapping[str, str]) -> Secret | None:
    values = (environ.get(variable, "").strip() for variable in variables)
    return next((Secret(value) for value in values if value), None)


def _variable_in_use(endpoint: Endpoint, environ: Mapping[str, str]) -> str:
    for variable in endpoint.api_key_env:
        value = environ.get(variable, "").strip()
        if value and endpoint.api_key == Secret(value):
            return variable
    return ""


def _known(
    endpoints: Mapping[str, Endpoint], known_models: Mapping[str, Sequence[str]]
) -> list[tuple[str, str]]:
    return [
        (provider, model)
        for provider, endpoint in endpoints.items()
        for model in known_models.get(provider) or endpoint.models
    ]


def _once(
    pairs: Sequence[tuple[str, str]], endpoints: Mapping[str, Endpoint]
) -> Sequence[tuple[str, str]]:
    """Each model of a vendor once, though two rows reach it: Google's do."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for provider, model in pairs:
        vendor = endpoints[provider].price_list or provider
        found.setdefault((vendor, model), (provider, model))
    return list(found.values())


def _find(wanted: str, pairs: Sequence[tuple[str, str]]) -> tuple[str, str] | None:
    """The one pair a name means, by the strictest reading that gives exactly one."""
    part = wanted.casefold()
    if not part:
        return None
    exact = [pair for pair in pairs if part == pair[1].casefold()]
    if exact:
        return exact[0] if len(exact) == 1 else None
    first_of_provider = [pair for pair in pairs if part == pair[0].casefold()]
    if first_of_provider:
        return first_of_provider[0]
    partly = [pair for pair in pairs if part in "/".join(pair).casefold()]
    return partly[0] if len(partly) == 1 else None


def _unknown(
    wanted: str, target: str, pairs: Sequence[tuple[str, str]], aliases: Mapping[str, str]
) -> UnknownModel:
    from rapidfuzz import process

    models = ["/".join(pair) for pair in pairs]
    found = process.extract(target, [*models, *aliases], scorer=_nearness, limit=3)
    nearest = tuple(name for name, _, _ in found)
    among = f" The nearest are {', '.join(nearest)}." if nearest else ""
    part = target.casefold()
    many = bool(part) and sum(part in name.casefold() for name in models) > 1
    what = f"{target!r} fits more than one model." if many else f"No model is named {target!r}."
    if target != wanted:
        what = f"{wanted!r} stands for {target!r}. {what}"
    return UnknownModel(f"{what}{among} A full name is provider/model.", nearest)


def _nearness(wanted: str, name: str, **_options: object) -> float:
    """How near a typed name is to a model, with or without its provider; 0 to 100."""
    from rapidfuzz import fuzz

    typed, full = wanted.casefold(), name.casefold()
    return max(fuzz.ratio(typed, full), fuzz.ratio(typed, full.partition("/")[2]))
