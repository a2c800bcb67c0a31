import errno
import socket
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import httpx2
import openai
import pytest

from conduit_tui.core.clean import clean_line
from conduit_tui.core.endpoint import Endpoint, Secret
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

REQUEST = httpx2.Request("POST", "http://127.0.0.1:9/v1", headers={"authorization": KEY})
WRONG_URL = "Its base_url is probably wrong; many end in /v1."


def status_error(status: int, body: Any, **headers: str) -> openai.APIStatusError:
    """The SDK's error for a response; text is sent as it is."""
    content: dict[str, Any] = {"text": body} if isinstance(body, str) else {"json": body}
    response = httpx2.Response(status, headers=headers, request=REQUEST, **content)
    return openai.APIStatusError("Error code", response=response, body=None)


def translated(error: Exception, *, begun: bool = False, **fields: Any) -> ProviderError:
    return Failures(endpoint(**fields), "test-model").translate(error, begun=begun)


def caused_by(cause: BaseException, error: Exception) -> Exception:
    error.__cause__ = cause
    return error


def said(message: str, code: Any = None, kind: str = "invalid_request_error") -> Any:
    return {"error": {"message": message, "type": kind, "code": code}}


@pytest.mark.parametrize(
    ("status", "body", "kind", "words"),
    [
        (401, said("Bad key"), AuthenticationFailed, "check LOCAL_API_KEY (401): Bad key."),
        (403, said("Not in your country"), AuthenticationFailed, "(403): Not in your country."),
        (
            404,
            said("The model `x` does not exist or you do not have access to it."),
            ModelNotFound,
            "'local' has no model 'test-model' (404): The model `x` does not exist",
        ),
        (
            404,
            {"error": {"message": 'model "x" not found, try pulling it'}},
            ModelNotFound,
            "/models",
        ),
        (400, said("x is not a valid model ID", 400), ModelNotFound, "not a valid model ID"),
        (400, {"object": "error", "message": "Invalid model: x"}, ModelNotFound, "Invalid model"),
        (404, {"detail": "Not Found"}, BadResponse, f"(404): Not Found. {WRONG_URL}"),
        (404, "<html><body>nope</body></html>", BadResponse, f"a web page. {WRONG_URL}"),
        (404, said("Invalid URL (POST /v1/v1/chat/completions)"), BadResponse, WRONG_URL),
        (404, "404 page not found", BadResponse, WRONG_URL),
        (404, said("No endpoints found that support tool use."), BadResponse, "/tools off"),
        (404, said("No endpoints found for x/y."), ModelNotFound, "no model 'test-model'"),
        (404, said("This is not a chat model"), ModelNotFound, "no model 'test-model'"),
        (404, said("No such deployment"), BadResponse, "refused the request to 'test-model'"),
        (400, said("API key not valid. Pass another."), AuthenticationFailed, "LOCAL_API_KEY"),
        (400, said("Incorrect API key provided"), AuthenticationFailed, "LOCAL_API_KEY"),
        (404, "", BadResponse, f"at http://127.0.0.1:9/v1 (404). {WRONG_URL}"),
        (400, said("too long", "context_length_exceeded"), ContextTooLong, "(400): too long."),
        (400, said("This model's maximum context length is 8 tokens"), ContextTooLong, "larger"),
        (400, said("prompt is too long: 9 tokens > 8 maximum"), ContextTooLong, "Branch off"),
        (
            400,
            [{"error": {"code": 400, "message": "The input token count (9) exceeds 8"}}],
            ContextTooLong,
            "does not fit 'test-model'",
        ),
        (500, said("the request exceeds the available context size"), ContextTooLong, "(500)"),
        (400, said("x does not support tools"), BadResponse, "Turn tools off with /tools off"),
        (
            400,
            said('"auto" tool choice requires --enable-auto-tool-choice'),
            BadResponse,
            "/tools off",
        ),
        (413, "", BadResponse, "(413). Send less"),
        (408, said("Timed out"), BadResponse, "(408): Timed out. Try again, or"),
        (409, said("It is locked"), BadResponse, "(409): It is locked. Try again, or"),
        (
            400,
            said("Failed to call a function.", "tool_use_failed"),
            BadResponse,
            "Failed to call a function. Try again, or choose another model.",
        ),
        (404, said("No such thing", "DeploymentNotFound"), ModelNotFound, "no model 'test-model'"),
        (400, {"errors": [{"message": "a"}, {"message": "b"}]}, BadResponse, "(400): a; b."),
        (400, said('{"error": {"message": "inside"}}'), BadResponse, "(400): inside. Change"),
        (400, said('{"a": 1'), BadResponse, '(400): {"a": 1. Change'),
        (422, {"detail": [{"loc": ["body"], "msg": "extra field"}]}, BadResponse, "extra field."),
        (402, said("Insufficient Balance"), RateLimited, "is used up (402): Insufficient Balance."),
        (429, said("Quota", "insufficient_quota"), RateLimited, "Waiting will not help"),
        (401, said("Quota", 401, "insufficient_quota"), RateLimited, "used up (401): Quota."),
        (400, said("Your credit balance is too low to access"), RateLimited, "is used up (400)"),
        (404, said("model: claude-9", None, "not_found_error"), ModelNotFound, "no model"),
        (403, "<html><title>Access denied</title>", BadResponse, "a web page titled 'Access den"),
        (407, "", ConnectionLost, "wants a name and a password (407)"),
        (529, said("Overloaded", None, "overloaded_error"), Overloaded, "(529): Overloaded."),
        (
            400,
            {
                "error": {
                    "message": "Provider returned error",
                    "code": 400,
                    "metadata": {"raw": '{"error": {"message": "prompt is too long"}}'},
                }
            },
            ContextTooLong,
            "Provider returned error: prompt is too long",
        ),
        (
            429,
            [{"error": {"status": "RESOURCE_EXHAUSTED", "message": "No"}}],
            RateLimited,
            "used up",
        ),
        (429, said("Slow down"), RateLimited, "no more requests for now (429): Slow down."),
        (500, "<html><head><title>Oops &amp;\n</title>", Overloaded, "a web page titled"),
        (502, "Bad gateway", Overloaded, "(502): Bad gateway."),
        (504, "", Overloaded, "failed on its side (504). Try again"),
        (418, "short and stout", BadResponse, "(418): short and stout."),
    ],
)
def test_a_refusal_in_words(status: int, body: Any, kind: type[Exception], words: str) -> None:
    error = translated(status_error(status, body))

    assert type(error) is kind, error
    assert words in str(error)
    assert error.status == status


@pytest.mark.parametrize("status", [429, 500, 502, 503, 529])
def test_what_may_pass_can_be_tried_again(status: int) -> None:
    assert translated(status_error(status, "")).can_retry


@pytest.mark.parametrize(
    "error",
    [
        *(status_error(status, "") for status in (400, 401, 402, 403, 404, 408, 413, 504)),
        status_error(429, said("x", "insufficient_quota")),
        openai.APITimeoutError(request=REQUEST),
    ],
)
def test_what_will_not_pass_cannot(error: Exception) -> None:
    assert not translated(error).can_retry


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "7"}, 7),
        ({"retry-after": "1.5"}, 1.5),
        ({"retry-after-ms": "250", "retry-after": "1"}, 0.25),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-3"}, None),
        ({}, None),
    ],
)
def test_the_wait_a_server_asks_for(headers: dict[str, str], seconds: float | None) -> None:
    assert translated(status_error(429, "", **headers)).retry_after_seconds == seconds


def test_the_wait_may_be_a_date() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)

    seconds = translated(status_error(503, "", **{"retry-after": date})).retry_after_seconds

    assert seconds is not None
    assert 60 < seconds <= 90


def test_a_date_that_has_passed_is_no_wait() -> None:
    date = "Wed, 21 Oct 2015 07:28:00 GMT"

    assert translated(status_error(503, "", **{"retry-after": date})).retry_after_seconds == 0


def test_a_long_body_is_cut_and_made_harmless() -> None:
    words = str(translated(status_error(400, "\x1b[31m[bold " + "long " * 5000)))

    assert len(words) < 450
    assert "…" in words
    assert clean_line(words) == words


@pytest.mark.parametrize(
    "echo",
    [KEY, f"key={KEY}", "sk-proj-abcdefgh12", "Bearer abcdefgh", "gsk_abcdefgh", "AIzaSyABCDEFG"],
)
def test_what_looks_like_a_key_is_struck_out(echo: str) -> None:
    words = str(translated(status_error(400, said(f"no: {echo} !"))))

    assert "***" in words
    assert echo.split()[-1].removeprefix("key=") not in words


def test_a_key_of_any_shape_is_struck_out() -> None:
    secret = Secret("correct horse")

    assert "horse" not in str(translated(status_error(400, "correct horse"), api_key=secret))


def test_a_password_in_the_base_url_is_not_shown() -> None:
    url = "https://me:hunter2@models.example/v1?token=hunter2"
    cases = [status_error(404, ""), status_error(307, ""), httpx2.ReadError("x")]

    for case in cases:
        words = str(translated(case, base_url=url))
        assert "hunter2" not in words
        assert "models.example" in words


class TestNetwork:
    """What goes wrong below HTTP."""

    def test_all_attempts_to_connect_refused(self) -> None:
        group = ExceptionGroup("x", [ConnectionRefusedError(111, "a"), OSError(101, "b")])
        error = openai.APIConnectionError(request=REQUEST)
        chained = caused_by(
            caused_by(caused_by(group, OSError("all")), httpx2.ConnectError("")), error
        )

        found = translated(chained)

        assert isinstance(found, ConnectionLost)
        assert found.can_retry
        words = "Nothing listens at 127.0.0.1:9 for 'local'. Is the server running?"
        assert str(found) == words

    @pytest.mark.parametrize(
        ("cause", "words"),
        [
            (socket.gaierror(-2, "Name or service not known"), "127.0.0.1:9 cannot be found."),
            (OSError(errno.ENETUNREACH, "x"), "cannot be reached. Check the network"),
            (OSError(errno.EHOSTUNREACH, "x"), "cannot be reached. Check the network"),
            (ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER]"), "cannot be reached safely"),
            (httpx2.ConnectTimeout("x"), "did not answer within 10 s"),
            (httpx2.ReadTimeout("x"), "sent nothing for 30 s"),
            (httpx2.ProxyError("x"), "through the proxy"),
            (httpx2.UnsupportedProtocol("x"), "no address for a request"),
            (TimeoutError(), "sent nothing for 30 s"),
        ],
    )
    def test_before_anything_came(self, cause: Exception, words: str) -> None:
        wrapped = caused_by(cause, openai.APIConnectionError(request=REQUEST))

        for error in (cause, wrapped):
            found = translated(error)
            assert type(found) is ConnectionLost
            assert words in str(found)
            assert not found.can_retry

    @pytest.mark.parametrize(
        ("cause", "can_retry"),
        [
            (httpx2.RemoteProtocolError("Server disconnected without sending a response."), True),
            (ConnectionResetError(104, "x"), True),
            (httpx2.RemoteProtocolError("peer closed connection (incomplete chunked read)"), False),
        ],
    )
    def test_a_closed_connection_is_tried_again_unless_an_answer_had_begun(
        self, cause: Exception, can_retry: bool
    ) -> None:
        for error in (cause, caused_by(cause, openai.APIConnectionError(request=REQUEST))):
            found = translated(error)
            assert type(found) is ConnectionLost
            assert "closed the connection before 'local' replied" in str(found)
            assert found.can_retry is can_retry

    @pytest.mark.parametrize(
        "cause",
        [
            httpx2.RemoteProtocolError("illegal status line: bytearray(b'SSH-2.0-OpenSSH_9.2')"),
            httpx2.RemoteProtocolError("illegal chunk header: bytearray(b'zzzz')"),
            httpx2.DecodingError("Error -3 while decompressing data: incorrect header check"),
        ],
    )
    def test_what_is_no_http_is_broken_data(self, cause: Exception) -> None:
        for error in (cause, caused_by(cause, openai.APIConnectionError(request=REQUEST))):
            assert type(translated(error)) is BadResponse
            assert "sent broken data instead of a reply" in str(translated(error))
            assert type(translated(error, begun=True)) is StreamInterrupted

    @pytest.mark.parametrize(
        ("error", "words"),
        [
            (httpx2.ReadError("x"), "closed the connection in mid-reply"),
            (httpx2.RemoteProtocolError("incomplete"), "closed the connection in mid-reply"),
            (ConnectionResetError(104, "x"), "closed the connection in mid-reply"),
            (httpx2.ReadTimeout("x"), "sent nothing for 30 s in mid-reply"),
            (TimeoutError(), "sent nothing for 30 s in mid-reply"),
            (ValueError("Expecting value"), "broken data in mid-reply"),
        ],
    )
    def test_in_mid_reply(self, error: Exception, words: str) -> None:
        found = translated(error, begun=True)

        assert type(found) is StreamInterrupted
        assert words in str(found)
        assert not found.can_retry

    def test_errors_of_the_older_httpx_are_known_by_their_names(self) -> None:
        class HTTPError(Exception): ...

        class TimeoutException(HTTPError): ...

        assert "sent nothing" in str(translated(TimeoutException()))
        assert "closed the connection" in str(translated(HTTPError(), begun=True))


def test_a_key_that_cannot_be_written_in_a_header_is_named_without_being_shown() -> None:
    error = UnicodeEncodeError("ascii", "Bearer kéy", 8, 9, "ordinal not in range")

    found = translated(error)

    assert type(found) is BadResponse
    assert "key or base_url is not plain ASCII" in str(found)
    assert "kéy" not in str(found)


def test_our_own_errors_pass_unchanged() -> None:
    error = RateLimited("already in words")

    assert translated(error) is error


def test_a_bug_is_not_translated() -> None:
    with pytest.raises(AttributeError, match="a bug"):
        translated(AttributeError("a bug"))


def test_a_missing_key_names_every_variable_that_would_do() -> None:
    names = ("GOOGLE_API_KEY", "GEMINI_API_KEY")
    google = Endpoint("google", "openai-chat", "https://x.example", api_key_env=names)

    with pytest.raises(AuthenticationFailed, match="Set GOOGLE_API_KEY or GEMINI_API_KEY"):
        Failures(google).require_key()


def test_how_much_too_long_is_put_on_the_error() -> None:
    words = "This model's maximum context length is 8192 tokens. However, you requested 9001 tokens"

    found = translated(status_error(400, said(words)))

    assert isinstance(found, ContextTooLong)
    assert (found.tokens, found.window) == (9001, 8192)
    assert "'test-model' (400): it has 9,001 tokens, 8,192 fit. Branch off" in str(found)


def test_an_error_of_any_depth_is_no_trouble() -> None:
    deep = '{"error":' * 400 + "{}" + "}" * 400

    assert isinstance(translated(status_error(400, deep)), BadResponse)


def test_how_much_too_long_is_found_behind_many_words() -> None:
    words = "padding " * 200 + "prompt is too long: 213456 tokens > 200000 maximum"

    assert isinstance(translated(status_error(400, said(words))), ContextTooLong)
