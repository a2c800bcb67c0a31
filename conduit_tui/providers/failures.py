"""Foreign exceptions of the network and the SDKs, as our errors in words.

What is not recognised is a bug and is not translated.
"""

import errno
import re
import socket
import ssl

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
from conduit_tui.providers.foreign import Said, chain, kinds, what_was_said
from conduit_tui.providers.proxies import proxy_for
from conduit_tui.providers.refusals import quotable, read_refusal
from conduit_tui.providers.refused import as_sentence, key_source, refused
from conduit_tui.providers.sdk_client import CONNECT_SECONDS
from conduit_tui.providers.sse import FrameTooLong

_UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN, errno.EHOSTDOWN}
_FOREIGN = {
    "HTTPError",
    "InvalidURL",
    "StreamError",
    "CookieConflict",
    "OpenAIError",
    "AnthropicError",
    "ClientError",
    "EOFError",
}
_NO_HTTP = re.compile(r"illegal|malformed|bad |conflicting|multiple|too long|unsupported", re.I)
_PROXY_ERRORS = {"ProxyError", "ClientProxyConnectionError"}
_TIMEOUTS = {"TimeoutException", "TimeoutError", "APITimeoutError"}


class Failures:
    """Words for what goes wrong in one request to one endpoint."""

    def __init__(self, endpoint: Endpoint, model: str = "") -> None:
        self._endpoint = endpoint
        self._model = model
        self._name = repr(endpoint.name)
        self._place = host_and_port(endpoint.base_url)

    def require_key(self) -> None:
        """Raise AuthenticationFailed for a key that is needed and not there, or no key at all."""
        if not self._endpoint.is_usable:
            raise AuthenticationFailed(
                f"There is no key for {self._name}. Set {key_source(self._endpoint)}, "
                "or choose another model."
            )
        key = self._endpoint.api_key.reveal() if self._endpoint.api_key else ""
        if not (key.isascii() and key.isprintable() and key == key.strip()):
            raise AuthenticationFailed(
                f"The key for {self._name} cannot be sent: a space around it, a line break or "
                f"another character in it is in no key. Set {key_source(self._endpoint)} again."
            )

    def translate(self, error: Exception, *, begun: bool) -> ProviderError:
        """Return our error for a foreign one; `begun` tells whether content was received.

        Raises the error itself when it is of no known kind: then it is a bug.
        """
        if isinstance(error, ProviderError):
            return error
        if isinstance(error, ErrorFrame):
            return self._said(Said(None, error.body), begun=begun)
        if isinstance(error, NotAStream):
            return self._not_a_stream(error)
        if (said := what_was_said(error)) is not None:
            return self._said(said, begun=begun)
        if "proxy" in str(error).lower() and isinstance(error, ValueError | ImportError):
            return self._no_such_proxy(error)
        if isinstance(error, ValueError | RecursionError) or _is_no_http(error):
            return self._garbage(error, begun=begun)
        if isinstance(error, OSError) or kinds(error) & _FOREIGN:
            return self._broken_off(error) if begun else self._lost(error)
        raise error

    def _said(self, said: Said, *, begun: bool) -> ProviderError:
        refusal = read_refusal(self._endpoint, said.body, said.status, said.headers)
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
        if kinds(*chain(error)) & _TIMEOUTS:
            words = f"sent nothing for {self._endpoint.idle_seconds:g} s in mid-reply"
        else:
            words = "closed the connection in mid-reply"
        return StreamInterrupted(f"{self._name} {words}. What had arrived is kept; try again.")

    def _no_such_proxy(self, error: Exception) -> ConnectionLost:
        variable, _ = proxy_for(self._endpoint.base_url) or ("ALL_PROXY", "")
        said = quotable(str(error), self._endpoint)
        return ConnectionLost(
            f"The proxy of {variable} cannot be used: {as_sentence(said)} Use one that begins "
            "with http://, or unset the variable."
        )

    def _lost(self, error: Exception) -> ConnectionLost:
        everything = list(chain(error))
        causes = [cause for cause in everything if isinstance(cause, OSError)]
        proxy = self._by_proxy(everything, causes)
        if proxy is not None:
            return proxy
        if any(map(_is_refused, causes)):
            return ConnectionLost(
                f"Nothing listens at {self._place} for {self._name}. Is the server running?",
                can_retry=True,
            )
        words = self._by_system(causes) or self._by_kind(kinds(*everything))
        if not words:
            return ConnectionLost(
                f"{self._place} closed the connection before {self._name} replied. Try again.",
                can_retry=not any("incomplete" in str(one) for one in everything),
            )
        return ConnectionLost(f"{self._place} {words} under [providers.{self._endpoint.name}].")

    def _by_proxy(
        self, everything: list[BaseException], causes: list[OSError]
    ) -> ConnectionLost | None:
        """What a proxy in between did, if there is one and it is to blame."""
        variable, proxy = proxy_for(self._endpoint.base_url) or ("HTTPS_PROXY", "")
        of_proxy = next((one for one in everything if kinds(one) & _PROXY_ERRORS), None)
        if of_proxy is None:
            if proxy and any(_is_refused(one) or _is_unknown_host(one) for one in causes):
                return ConnectionLost(
                    f"The proxy {proxy} of {variable} cannot be reached, so neither can "
                    f"{self._place}. Is it running? Without it: unset {variable}.",
                    can_retry=True,
                )
            return None
        if "407" in re.findall(r"\b\d{3}\b", str(of_proxy)):
            return ConnectionLost(
                f"The proxy{proxy and f' {proxy}'} wants a name and a password (407). Give them "
                f"in {variable}, as http://NAME:PASSWORD@HOST:PORT."
            )
        said = quotable(str(of_proxy), self._endpoint)
        return ConnectionLost(
            f"{self._place} cannot be reached through the proxy{f' ({said})' if said else ''}. "
            f"Check {variable}, and the base_url under [providers.{self._endpoint.name}]."
        )

    def _by_system(self, causes: list[OSError]) -> str:
        """What the system says of a connection that failed; nothing if it is of no help."""
        if any(map(_is_unknown_host, causes)):
            return "cannot be found. Check the network, and the base_url"
        if tls := next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None):
            said = getattr(tls, "verify_message", "") or getattr(tls, "reason", "")
            reason = quotable(said or "TLS failed", self._endpoint)
            return f"cannot be reached safely ({reason}). Check the base_url"
        if any(cause.errno in _UNREACHABLE for cause in causes):
            return "cannot be reached. Check the network, and the base_url"
        return ""

    def _by_kind(self, names: set[str]) -> str:
        """What the classes of an error say; nothing if they are of no help."""
        if names & {"ConnectTimeout", "ConnectionTimeoutError"}:
            waited = f"did not answer within {CONNECT_SECONDS:g} s"
            return f"{waited}. Check the network, and the base_url"
        if names & _TIMEOUTS:
            waited = f"sent nothing for {self._endpoint.idle_seconds:g} s"
            return f"{waited}. Try again, or allow more with idle_seconds"
        if names & {"UnsupportedProtocol", "InvalidURL", "LocalProtocolError"}:
            return "is no address for a request, or the key is malformed. Check the base_url"
        return ""


def _is_no_http(error: Exception) -> bool:
    """Whether something came that the HTTP client could not read, compressed maybe."""
    everything = list(chain(error))
    return "DecodingError" in kinds(*everything) or any(
        "RemoteProtocolError" in kinds(one) and _NO_HTTP.search(str(one)) for one in everything
    )


def _is_refused(cause: OSError) -> bool:
    return isinstance(cause, ConnectionRefusedError) or cause.errno == errno.ECONNREFUSED


def _is_unknown_host(cause: OSError) -> bool:
    return isinstance(cause, socket.gaierror) or "ClientConnectorDNSError" in kinds(cause)
