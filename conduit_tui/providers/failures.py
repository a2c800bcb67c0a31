"""Foreign exceptions of the network and the SDKs, as our errors in words.

Classes are told by name: httpx and httpx2 have the same tree, SDKs stand on either, and none of
them is worth importing for this. What is not recognised is a bug and is not translated.
"""

import errno
import socket
import ssl
from collections.abc import Iterator
from typing import Any, cast

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import (
    AuthenticationFailed,
    BadResponse,
    ConnectionLost,
    ProviderError,
    StreamInterrupted,
)
from conduit_tui.providers.addresses import host_and_port
from conduit_tui.providers.chunks import ErrorFrame, NotAStream
from conduit_tui.providers.refusals import quotable, read_refusal
from conduit_tui.providers.refused import as_sentence, key_source, refused
from conduit_tui.providers.sdk_client import CONNECT_SECONDS
from conduit_tui.providers.sse import FrameTooLong

_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}
_FOREIGN = {
    *("HTTPError", "InvalidURL", "StreamError", "CookieConflict"),
    *("OpenAIError", "AnthropicError"),
}
_TIMEOUTS = {"TimeoutException", "TimeoutError", "APITimeoutError"}


class Failures:
    """Words for what goes wrong in one request to one endpoint."""

    def __init__(self, endpoint: Endpoint, model: str = "") -> None:
        self._endpoint = endpoint
        self._model = model
        self._name = repr(endpoint.name)
        self._place = host_and_port(endpoint.base_url)

    def require_key(self) -> None:
        """Raise AuthenticationFailed if a key is needed and there is none."""
        if not self._endpoint.is_usable:
            raise AuthenticationFailed(
                f"There is no key for {self._name}. Set {key_source(self._endpoint)}, "
                "or choose another model with /model."
            )

    def translate(self, error: Exception, *, begun: bool) -> ProviderError:
        """Return our error for a foreign one; `begun` tells whether content was received.

        Raises the error itself when it is of no known kind: then it is a bug.
        """
        if isinstance(error, ProviderError):
            return error
        if isinstance(error, ErrorFrame):
            return self._error_frame(error, begun=begun)
        if isinstance(error, NotAStream):
            return self._not_a_stream(error)
        response: Any = getattr(error, "response", None)  # of either httpx, see above
        if response is not None and hasattr(error, "status_code"):
            status = int(response.status_code)
            refusal = read_refusal(self._endpoint, response.text, status, response.headers)
            return refused(refusal, self._endpoint, self._model)
        if isinstance(error, ValueError | RecursionError):
            return self._garbage(error, begun=begun)
        if isinstance(error, OSError) or _kinds(error) & _FOREIGN:
            return self._broken_off(error) if begun else self._lost(error)
        raise error

    def _error_frame(self, error: ErrorFrame, *, begun: bool) -> ProviderError:
        refusal = read_refusal(self._endpoint, error.body, None, {})
        if not begun:
            return refused(refusal, self._endpoint, self._model)
        words = as_sentence(refusal.words or "no reason given")
        return StreamInterrupted(
            f"{self._name} broke off with an error: {words} What had arrived is kept; try again.",
            status=refusal.status,
        )

    def _not_a_stream(self, error: NotAStream) -> ProviderError:
        refusal = read_refusal(self._endpoint, error.body, 200, {})
        words = refusal.words or "nothing at all"
        return BadResponse(
            f"{self._name} at {self._place} answered with {words} where a reply should be. Its "
            "base_url is probably wrong; many end in /v1.",
            status=200,
        )

    def _garbage(self, error: Exception, *, begun: bool) -> ProviderError:
        what = "a reply without end" if isinstance(error, FrameTooLong) else "broken data"
        if isinstance(error, UnicodeError) and not isinstance(error, UnicodeDecodeError):
            return BadResponse(
                f"The request to {self._name} cannot be written down: a character in its key or "
                "base_url is not plain ASCII. Check both."
            )
        words = f"{self._name} at {self._place} sent {what}"
        if begun:
            return StreamInterrupted(f"{words} in mid-reply. What had arrived is kept; try again.")
        return BadResponse(f"{words} instead of a reply. Is its base_url right?")

    def _broken_off(self, error: Exception) -> ProviderError:
        if _kinds(*_chain(error)) & _TIMEOUTS:
            words = f"sent nothing for {self._endpoint.idle_seconds:g} s in mid-reply"
        else:
            words = "closed the connection in mid-reply"
        return StreamInterrupted(f"{self._name} {words}. What had arrived is kept; try again.")

    def _lost(self, error: Exception) -> ConnectionLost:
        causes = [cause for cause in _chain(error) if isinstance(cause, OSError)]
        if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
            return ConnectionLost(
                f"Nothing listens at {self._place} for {self._name}. Is the server running?",
                can_retry=True,
            )
        words = self._by_system(causes) or self._by_kind(_kinds(*_chain(error)))
        if not words:
            return ConnectionLost(
                f"{self._place} closed the connection before {self._name} replied. Try again."
            )
        return ConnectionLost(f"{self._place} {words} under [providers.{self._endpoint.name}].")

    def _by_system(self, causes: list[OSError]) -> str:
        """What the system says of a connection that failed; nothing if it is of no help."""
        if any(isinstance(cause, socket.gaierror) for cause in causes):
            return "cannot be found. Check the network, and the base_url"
        if tls := next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None):
            said = getattr(tls, "verify_message", "") or getattr(tls, "reason", "")
            reason = quotable(said or "TLS failed", self._endpoint)
            return f"cannot be reached safely ({reason}). Check the base_url"
        if any(cause.errno in _UNREACHABLE for cause in causes):
            return "cannot be reached. Check the network, and the base_url"
        return ""

    def _by_kind(self, kinds: set[str]) -> str:
        """What the classes of an error say; nothing if they are of no help."""
        if "ConnectTimeout" in kinds:
            waited = f"did not answer within {CONNECT_SECONDS:g} s"
            return f"{waited}. Check the network, and the base_url"
        if kinds & _TIMEOUTS:
            waited = f"sent nothing for {self._endpoint.idle_seconds:g} s"
            return f"{waited}. Try again, or allow more with idle_seconds"
        if "ProxyError" in kinds:
            return "cannot be reached through the proxy. Check HTTPS_PROXY, and the base_url"
        if kinds & {"UnsupportedProtocol", "InvalidURL", "LocalProtocolError"}:
            return "is no address for a request, or the key is malformed. Check the base_url"
        return ""


def _kinds(*errors: BaseException) -> set[str]:
    return {kind.__name__ for error in errors for kind in type(error).__mro__}


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and everything it came from, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        current = waiting.pop()
        if id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting.extend(filter(None, (current.__cause__, current.__context__)))
        if isinstance(current, BaseExceptionGroup):
            waiting.extend(cast("BaseExceptionGroup[BaseException]", current).exceptions)
