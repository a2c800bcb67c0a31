"""Everything that can go wrong in foreseen ways, as one tree.

```
ConduitError
├── ProviderError
│   ├── AuthenticationFailed   no key, wrong key, no permission
│   ├── ModelNotFound
│   ├── RateLimited            429; `retry_after_seconds` when the server said so
│   ├── ContextTooLong
│   ├── Overloaded             500, 502, 503, 529
│   ├── ConnectionLost         refused, unreachable, reset or silent before the first token
│   ├── StreamInterrupted      cut, stalled or ended without its end marker
│   ├── BadResponse            anything a server says that is not the protocol
│   └── InvalidAnswer          the answer does not have the shape that was asked for
├── ToolError
├── NotATool                 a function that cannot be one; `reasons` has all of them
├── SkillError
├── StorageError
├── SettingsError
├── UnknownModel
├── UnknownAddress             no message at an address, or several
├── NotPossible                a change of the tree that cannot be
└── ImportFailed
```
The text of an error is a sentence for the person: what happened, to what, what to do next.
It never holds a secret.
"""


class ConduitError(Exception):
    """A foreseen failure, in words."""


class ProviderError(ConduitError):
    """A model server failed. `status` is the HTTP status, if there was one."""

    def __init__(
        self,
        words: str,
        *,
        status: int | None = None,
        retry_after_seconds: float | None = None,
        can_retry: bool = False,
    ) -> None:
        super().__init__(words)
        self.status = status
        self.retry_after_seconds = retry_after_seconds
        self.can_retry = can_retry


class AuthenticationFailed(ProviderError):
    """No key, a wrong key, or a key without permission."""


class ModelNotFound(ProviderError):
    """The server does not know the model."""


class RateLimited(ProviderError):
    """Too many requests, or the quota is used up (then `can_retry` is False)."""


class ContextTooLong(ProviderError):
    """The conversation does not fit the model's context window.

    `tokens` is its size, `window` what would fit, as far as the server says so.
    """

    def __init__(
        self,
        words: str,
        *,
        status: int | None = None,
        tokens: int | None = None,
        window: int | None = None,
    ) -> None:
        super().__init__(words, status=status)
        self.tokens = tokens
        self.window = window


class Overloaded(ProviderError):
    """The server failed on its side."""


class ConnectionLost(ProviderError):
    """The server could not be reached, or went away before it answered."""


class StreamInterrupted(ProviderError):
    """The answer broke off: cut, stalled, or ended without its end marker."""


class BadResponse(ProviderError):
    """The server answered with something that is not the protocol, or refused the request."""


class InvalidAnswer(ProviderError):
    """The model answered, but not with a value of the shape that was asked for."""


class ToolError(ConduitError):
    """A tool failed; the words go to the model."""


class NotATool(ConduitError):
    """A function cannot be made a tool; `reasons` holds everything that is wrong with it."""

    def __init__(self, words: str, reasons: tuple[str, ...] = ()) -> None:
        super().__init__(words)
        self.reasons = reasons


class SkillError(ConduitError):
    """A skill cannot be read."""


class StorageError(ConduitError):
    """The database cannot be opened, read or written."""


class PlaceErased(StorageError):
    """What a message is to hang on was erased elsewhere: it can never be stored there."""


class SettingsError(ConduitError):
    """A setting is wrong; the words name file, line and what was expected."""


class UnknownModel(ConduitError):
    """A model name fits nothing known; `nearest` holds up to three that come close."""

    def __init__(self, words: str, nearest: tuple[str, ...] = ()) -> None:
        super().__init__(words)
        self.nearest = nearest


class UnknownAddress(ConduitError):
    """No message stands at an address, or it could mean several."""


class NotPossible(ConduitError):
    """A change of a session's tree that cannot be made; the words say why."""


class ImportFailed(ConduitError):
    """A file from another program cannot be imported."""
