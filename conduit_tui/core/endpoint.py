"""A place that serves models: what a row of `endpoints.toml` or `[providers.NAME]` comes to."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from conduit_tui.core.json import Json


class Secret:
    """An API key. Neither `repr`, `str` nor a format shows it; `reveal` does."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the key itself, for the one request that needs it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.reveal() == self._value

    def __hash__(self) -> int:
        return hash(self._value)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One provider, ready to be built.

    `kind` is the wire it speaks. `api_key_env` names the variables a key may come from, in order
    of preference. `key_optional` is set where a server on one's own machine needs none.
    `models` lists names to offer when the server cannot be asked; `quirks` are the known ways in
    which a server departs from its wire. `idle_seconds` is the longest silence of a stream.
    `num_ctx` is the context to ask for where the server lets one choose, in tokens by model; `""`
    stands for all others. `price_list` names the vendor whose prices hold, also behind another
    address.
    """

    name: str
    kind: str
    base_url: str = ""
    api_key: Secret | None = None
    api_key_env: tuple[str, ...] = ()
    key_optional: bool = False
    models: tuple[str, ...] = ()
    takes_tools: bool = True
    idle_seconds: float = 60.0
    quirks: dict[str, Json] = field(default_factory=dict[str, Json])
    num_ctx: dict[str, int] = field(default_factory=dict[str, int])
    price_list: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether a request can be tried: there is a key, or none is needed."""
        return bool(self.api_key) or self.key_optional

    @property
    def host(self) -> str:
        """The server, with its port where the address names one; empty for none."""
        try:
            return urlsplit(self.base_url).netloc.rpartition("@")[2].lower()
        except ValueError:  # a vendor's variable may hold anything
            return ""


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """What a person's `[providers.NAME]` says; `None` leaves the built-in value."""

    kind: str | None = None
    base_url: str | None = None
    api_key: Secret | None = None
    api_key_env: str | None = None
    models: tuple[str, ...] | None = None
    takes_tools: bool | None = None
    idle_seconds: float | None = None
    num_ctx: dict[str, int] | None = None
    think_tags: bool | str | None = None
