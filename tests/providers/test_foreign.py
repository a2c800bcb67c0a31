"""The exceptions of every SDK and client, as they are raised, and what they come to in words."""

import asyncio
import socket
from typing import Any

import aiohttp
import anthropic
import httpx
import httpx2
import ollama
import openai
import pytest
from google.genai import errors as google
from multidict import CIMultiDict, CIMultiDictProxy
from yarl import URL

from conduit_tui.core.errors import (
    AuthenticationFailed,
    BadResponse,
    ConnectionLost,
    ContextTooLong,
    ModelNotFound,
    Overloaded,
    ProviderError,
    RateLimited,
    StreamInterrupted,
)
from conduit_tui.providers.failures import Failures
from tests.providers.asking import KEY, endpoint

REQUEST = httpx2.Request("POST", "http://127.0.0.1:9/v1", headers={"x-api-key": KEY})
OLD_REQUEST = httpx.Request("POST", "http://127.0.0.1:9/api/chat")


def translated(error: Exception, *, begun: bool = False, **fields: Any) -> ProviderError:
    return Failures(endpoint(**fields), "test-model").translate(error, begun=begun)


def of_anthropic(status: int, kind: str, message: str, **headers: str) -> Exception:
    body = {"type": "error", "error": {"type": kind, "message": message}}
    response = httpx2.Response(status, json=body, headers=headers, request=REQUEST)
    return anthropic.APIStatusError(message, response=response, body=body)


def of_google(status: int, word: str, message: str, *details: Any) -> Exception:
    body = {"error": {"code": status, "status": word, "message": message, "details": details}}
    kind = google.ServerError if status >= 500 else google.ClientError
    return kind(status, body, httpx2.Response(status, json=body, request=REQUEST))


def of_aiohttp(status: int, message: str, **headers: str) -> Exception:
    url = URL("http://127.0.0.1:9/")
    info = aiohttp.RequestInfo(url, "POST", CIMultiDictProxy(CIMultiDict()), url)
    return aiohttp.ClientResponseError(
        info, (), status=status, message=message, headers=CIMultiDict(headers)
    )


def chained(outer: Exception, inner: BaseException) -> Exception:
    try:
        try:
            raise inner
        except BaseException as cause:
            raise outer from cause
    except Exception as error:
        return error


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (
            of_anthropic(401, "authentication_error", "invalid x-api-key"),
            AuthenticationFailed,
            "does not accept the key; check LOCAL_API_KEY (401): invalid x-api-key.",
        ),
        (
            of_anthropic(404, "not_found_error", "model: claude-9 was not found"),
            ModelNotFound,
            "no model 'test-model' (404)",
        ),
        (
            of_anthropic(
                400, "invalid_request_error", "prompt is too long: 213456 tokens > 200000 maximum"
            ),
            ContextTooLong,
            "it has 213,456 tokens, 200,000 fit.",
        ),
        (of_anthropic(529, "overloaded_error", "Overloaded"), Overloaded, "(529): Overloaded."),
        (of_anthropic(200, "overloaded_error", "Overloaded"), Overloaded, "(529): Overloaded."),
        (of_anthropic(413, "request_too_large", "Too big"), BadResponse, "(413): Too big. Send"),
        (of_google(503, "UNAVAILABLE", "Try later"), Overloaded, "(503): Try later."),
        (
            of_google(404, "NOT_FOUND", "models/x is not found for API version v1"),
            ModelNotFound,
            "no model 'test-model' (404)",
        ),
        (
            google.ClientError(400, {"error": {"message": "API key not valid. Pass a valid one"}}),
            AuthenticationFailed,
            "(400): API key not valid.",
        ),
        (
            google.ServerError(502, {"message": "<html><title>Bad</title>", "status": "Bad"}),
            Overloaded,
            "(502): a web page titled 'Bad'.",
        ),
        (
            ollama.ResponseError('{"error": "model \'x\' not found"}', 404),
            ModelNotFound,
            "(404): model 'x' not found.",
        ),
        (ollama.ResponseError("out of memory"), BadResponse, "out of memory."),
        (of_aiohttp(500, "Server Error"), Overloaded, "(500): Server Error."),
        (
            httpx.HTTPStatusError(
                "x", request=OLD_REQUEST, response=httpx.Response(401, text="who?")
            ),
            AuthenticationFailed,
            "(401): who?",
        ),
    ],
)
def test_a_refusal_in_words(error: Exception, kind: type[Exception], words: str) -> None:
    found = translated(error)

    assert type(found) is kind, found
    assert words in str(found)


@pytest.mark.parametrize(
    "error",
    [
        of_anthropic(200, "overloaded_error", "Overloaded"),
        ollama.ResponseError("Overloaded"),
        google.ServerError(503, {"error": {"code": 503, "message": "Overloaded"}}),
        openai.APIError("x", request=REQUEST, body={"message": "Overloaded", "type": "y"}),
        anthropic.APIError("Overloaded", REQUEST, body=None),
    ],
)
def test_an_error_in_mid_reply_keeps_what_came(error: Exception) -> None:
    found = translated(error, begun=True)

    assert type(found) is StreamInterrupted
    assert "broke off with an error: Overloaded. What had arrived is kept" in str(found)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (anthropic.APIConnectionError(request=REQUEST), "closed the connection before"),
        (
            chained(anthropic.APIConnectionError(request=REQUEST), httpx2.ConnectTimeout("x")),
            "did not answer within 10 s",
        ),
        (anthropic.APITimeoutError(request=REQUEST), "sent nothing for 30 s"),
        (httpx.ReadTimeout("x"), "sent nothing for 30 s"),
        (aiohttp.ServerDisconnectedError(), "closed the connection before"),
        (aiohttp.SocketTimeoutError("x"), "sent nothing for 30 s"),
        (aiohttp.ConnectionTimeoutError("x"), "did not answer within 10 s"),
        (asyncio.IncompleteReadError(b"", 4), "closed the connection before"),
        (
            chained(
                ConnectionError("Failed to connect to Ollama."), ConnectionRefusedError(111, "")
            ),
            "Nothing listens at 127.0.0.1:9",
        ),
        (
            chained(httpx.ConnectError("x"), socket.gaierror(-2, "x")),
            "cannot be found. Check the network",
        ),
    ],
)
def test_a_network_that_fails_is_told_for_every_client(error: Exception, words: str) -> None:
    found = translated(error)

    assert type(found) is ConnectionLost
    assert words in str(found)


@pytest.mark.parametrize(
    "error", [aiohttp.ClientPayloadError("x"), httpx.ReadError("x"), httpx2.ReadError("x")]
)
def test_a_reply_that_is_cut_is_told_for_every_client(error: Exception) -> None:
    assert "closed the connection in mid-reply" in str(translated(error, begun=True))


RETRY_INFO = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.5s"}


def test_google_asks_to_wait_for_a_quota_of_a_minute() -> None:
    found = translated(of_google(429, "RESOURCE_EXHAUSTED", "Quota", RETRY_INFO))

    assert type(found) is RateLimited
    assert (found.can_retry, found.retry_after_seconds) == (True, 34.5)


def test_google_is_not_waited_for_when_the_day_is_used_up() -> None:
    daily = {"violations": [{"quotaId": "GenerateRequestsPerDayPerProjectPerModel-FreeTier"}]}

    found = translated(of_google(429, "RESOURCE_EXHAUSTED", "Quota", RETRY_INFO, daily))

    assert type(found) is RateLimited
    assert not found.can_retry
    assert "used up" in str(found)


def test_headers_of_the_wait_are_read_from_every_client() -> None:
    errors = (
        of_anthropic(429, "rate_limit_error", "x", **{"retry-after": "7"}),
        of_aiohttp(429, "x", **{"Retry-After": "7"}),
    )

    assert [translated(error).retry_after_seconds for error in errors] == [7, 7]


def test_a_body_that_was_not_read_is_no_trouble() -> None:
    class Unread(httpx2.AsyncByteStream):
        pass

    response = httpx2.Response(500, stream=Unread(), request=REQUEST)
    error = openai.APIStatusError("x", response=response, body={"message": "known anyway"})

    assert "known anyway" in str(translated(error))


class TestProxies:
    """What stands between here and the server, by the environment."""

    URL = "https://models.example/v1"

    @pytest.fixture(autouse=True)
    def proxied(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("NO_PROXY", "no_proxy", "ALL_PROXY", "all_proxy", "https_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setenv("HTTPS_PROXY", "http://me:hunter2@proxy.example:8080")

    @pytest.mark.parametrize("cause", [ConnectionRefusedError(111, "x"), socket.gaierror(-2, "x")])
    def test_a_proxy_that_is_away_is_not_taken_for_the_server(self, cause: Exception) -> None:
        found = translated(chained(httpx2.ConnectError("x"), cause), base_url=self.URL)

        assert "The proxy proxy.example:8080 of HTTPS_PROXY cannot be reached" in str(found)
        assert "hunter2" not in str(found)

    def test_a_proxy_that_wants_a_password_says_so(self) -> None:
        error = httpx2.ProxyError("407 Proxy Authentication Required")

        found = translated(error, base_url=self.URL)

        assert "proxy.example:8080 wants a name and a password (407)" in str(found)
        assert "hunter2" not in str(found)

    def test_what_a_proxy_says_is_quoted(self) -> None:
        found = translated(httpx2.ProxyError("403 Forbidden"), base_url=self.URL)

        assert "cannot be reached through the proxy (403 Forbidden)" in str(found)

    def test_this_machine_is_reached_without_it(self) -> None:
        error = chained(httpx2.ConnectError("x"), ConnectionRefusedError(111, "x"))

        assert "Nothing listens at 127.0.0.1:9" in str(translated(error))

    @pytest.mark.parametrize(
        "error",
        [
            ImportError("Using SOCKS proxy, but the 'socksio' package is not installed."),
            ValueError("Unknown scheme for proxy URL URL('gopher://x')"),
        ],
    )
    def test_a_proxy_of_a_kind_that_cannot_be_used_is_told(self, error: Exception) -> None:
        found = translated(error, base_url=self.URL)

        assert type(found) is ConnectionLost
        assert "The proxy of HTTPS_PROXY cannot be used" in str(found)
