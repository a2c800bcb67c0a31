"""What an Ollama server does besides chatting: it fetches models, and has a version.

https://docs.ollama.com/api/pull
"""

import re
from collections.abc import AsyncGenerator
from contextlib import aclosing

from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.errors import (
    BadResponse,
    ConnectionLost,
    ModelNotFound,
    ProviderError,
    StreamInterrupted,
)
from conduit_tui.core.json import Json
from conduit_tui.core.pulling import PullProgress
from conduit_tui.providers.chunks import ErrorFrame
from conduit_tui.providers.ndjson import LineDecoder
from conduit_tui.providers.ollama_client import LOADING_FACTOR, AnswerRefused, OllamaServer
from conduit_tui.providers.ollama_failures import OllamaFailures
from conduit_tui.providers.refusals import read_refusal
from conduit_tui.providers.refused import as_sentence
from conduit_tui.providers.shapes import as_count, as_object, as_text

VERSION_SECONDS = 3.0

_UNKNOWN = re.compile(r"file does not exist|not found|manifest unknown|invalid model name", re.I)
_FULL = re.compile(r"no space left|disk full|not enough space|quota exceeded", re.I)
_TOO_OLD = re.compile(r"newer version of ollama", re.I)


class PullDecoder:
    """Turns the lines of one pull into progress over all layers."""

    def __init__(self) -> None:
        self._layers: dict[str, tuple[int, int]] = {}

    def feed(self, line: dict[str, Json]) -> PullProgress:
        """Return how far it is. Lines of several layers are mixed. Raises ErrorFrame."""
        if line.get("error"):
            raise ErrorFrame(line)
        if digest := as_text(line.get("digest")):
            completed, total = self._layers.get(digest, (0, 0))
            total = as_count(line.get("total")) or total
            # absent at first, and where a layer was there already until it has been looked at
            completed = max(as_count(line.get("completed")), completed)
            self._layers[digest] = (min(completed, total), total)
        status = as_text(line.get("status"))
        return PullProgress(
            status=status,
            completed_bytes=sum(completed for completed, _ in self._layers.values()),
            total_bytes=sum(total for _, total in self._layers.values()),
            is_done=status == "success",
        )


class OllamaHost:
    """An Ollama server, as the place where models are kept."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._server = OllamaServer(endpoint)

    async def version(self) -> str:
        """The server's version; nothing if it does not say."""
        try:
            answer = await self._server.ask("/api/version", None, VERSION_SECONDS)
        except Exception as error:
            OllamaFailures(self._endpoint, "", VERSION_SECONDS).translate(error, begun=False)
            return ""  # no bug
        return as_text(as_object(answer).get("version"))

    async def pull(self, model: str) -> AsyncGenerator[PullProgress, None]:
        """Have the server fetch a model; the last value says that it is done.

        Closing the generator stops the server, which goes on from there the next time. Raises
        ProviderError.
        """
        # large files are checked without a word
        seconds = self._endpoint.idle_seconds * LOADING_FACTOR
        decoder, lines = PullDecoder(), LineDecoder()
        begun = False
        try:
            body: dict[str, Json] = {"model": model, "stream": True}
            async with (
                self._server.stream("/api/pull", body, seconds) as pieces,
                aclosing(pieces) as incoming,
            ):
                async for piece in incoming:
                    for line in lines.feed(piece):
                        progress = decoder.feed(line)
                        begun = True
                        yield progress
                        if progress.is_done:
                            return
                for line in lines.finish():
                    yield (progress := decoder.feed(line))
                    if progress.is_done:
                        return
        except Exception as error:
            raise self._failure(error, model, seconds, begun=begun) from error
        raise StreamInterrupted(f"The pull of {model!r} broke off. {_goes_on(model)}")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._server.aclose()

    def _failure(
        self, error: Exception, model: str, seconds: float, *, begun: bool
    ) -> ProviderError:
        if isinstance(error, ErrorFrame):
            words = read_refusal(self._endpoint, error.body, None, {}).words
            return _refused(words, model)
        if isinstance(error, AnswerRefused) and error.status_code not in {401, 403}:
            answer = error.response
            status = error.status_code
            refusal = read_refusal(self._endpoint, answer.text, status, answer.headers)
            if not refusal.is_page and not 300 <= status < 400:
                return _refused(refusal.words, model)
        failure = OllamaFailures(self._endpoint, model, seconds).translate(error, begun=begun)
        if isinstance(failure, StreamInterrupted):
            words = str(failure).replace(" What had arrived is kept; try again.", "")
            return StreamInterrupted(f"{words} {_goes_on(model)}".replace("mid-reply", "mid-pull"))
        return failure


def _refused(words: str, model: str) -> ProviderError:
    said = as_sentence(words or "no reason given")
    if _UNKNOWN.search(words):
        return ModelNotFound(
            f"Ollama's library has no model {model!r}. Names and tags are at "
            "https://ollama.com/library."
        )
    if _FULL.search(words):
        return BadResponse(
            f"The disk of the Ollama server is full ({words}). Make room; {_then(model)}"
        )
    if _TOO_OLD.search(words):
        return BadResponse(f"{model!r} needs a newer Ollama. Update it; {_then(model)}")
    return ConnectionLost(f"Ollama could not pull {model!r}: {said} {_goes_on(model)}")


def _goes_on(model: str) -> str:
    return f"/pull {model} goes on from where it stopped."


def _then(model: str) -> str:
    return f"then {_goes_on(model)}"
