"""`conduit-tui tokenize`: how many tokens a text is to a model."""

import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from conduit_tui.commands.news import News
from conduit_tui.commands.options import CONTEXT_SETTINGS
from conduit_tui.commands.question import UsageMistake, read_stdin, valid_text
from conduit_tui.commands.reply import OK, exit_code_of
from conduit_tui.commands.standard_output import print_whole
from conduit_tui.core.clean import clean_line
from conduit_tui.core.errors import ConduitError

if TYPE_CHECKING:
    from conduit_tui.controller.models import Models
    from conduit_tui.settings import Settings

_STDIN = "-"


@click.command("tokenize", context_settings=CONTEXT_SETTINGS)
@click.argument("text", nargs=-1)
@click.option("-m", "--model", metavar="NAME", help="The model, such as openai/gpt-5.")
@click.option("--exact", is_flag=True, help="Ask the provider's server, as one message.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def command(text: tuple[str, ...], model: str | None, exact: bool, as_json: bool) -> int:
    """Print how many tokens TEXT is; - reads stdin.

    Counted by the model's own encoding where that is on this machine, else estimated and marked ~.
    Nothing is downloaded.

    Exit codes: 0 ok, 2 usage, 3 the provider failed, 4 no or wrong key.
    """
    import asyncio

    news = News(with_thinking=False)
    try:
        counted = asyncio.run(_count(_text_of(text, news), model, news, exact=exact))
    except ConduitError as error:
        news.say(str(error))
        return exit_code_of(error)
    return print_whole(counted.as_json() if as_json else counted.in_words()) or OK


@dataclass(frozen=True, slots=True)
class Counted:
    """A number of tokens, and how it was found: by an encoding, a server, or an estimate."""

    tokens: int
    model: str
    method: str
    is_estimated: bool = False

    def as_json(self) -> str:
        """The object that `--json` prints."""
        return json.dumps(
            {
                "tokens": self.tokens,
                "is_estimated": self.is_estimated,
                "method": self.method,
                "model": self.model,
            }
        )

    def in_words(self) -> str:
        """`12 tokens (o200k_base, openai/gpt-5)`."""
        sign, noun = "~" if self.is_estimated else "", "token" if self.tokens == 1 else "tokens"
        return f"{sign}{self.tokens} {noun} ({self.method}, {clean_line(self.model)})"


def _text_of(words: tuple[str, ...], news: News) -> str:
    if words == (_STDIN,):
        data = read_stdin(lambda: news.say("Waiting for stdin to end."))
        return data.decode("utf-8", "replace")
    if not words:
        raise UsageMistake("There is no text: write one, or - to read stdin.")
    return valid_text(" ".join(words))


async def _count(text: str, name: str | None, news: News, *, exact: bool) -> Counted:
    import asyncio

    from conduit_tui.runtime import make_models
    from conduit_tui.settings import Flags, load_settings

    settings = load_settings(Flags(name), os.environ)
    notices: list[str] = []
    models = make_models(settings, notices)
    for notice in (*settings.notices, *notices):
        news.say(clean_line(notice))
    try:
        model = models.full_name(settings.model) if settings.model else models.default()
        if exact:
            return await _ask(models, model, text)
        return await asyncio.to_thread(_count_here, settings, models, model, text)
    finally:
        await models.aclose()


async def _ask(models: "Models", model: str, text: str) -> Counted:
    from datetime import UTC, datetime

    from conduit_tui.core.message import Message, Text, new_id
    from conduit_tui.core.params import Params
    from conduit_tui.core.request import Request

    endpoint, provider, name = models.find(model)
    message = Message(new_id(), "", None, "user", (Text(text),), datetime.now(UTC))
    facts = models.facts(endpoint.name, name)
    tokens = await provider.count_tokens(Request(name, (message,), Params(), facts=facts))
    if tokens is None:
        raise UsageMistake(
            f"The server of {endpoint.name!r} counts no tokens on request; leave --exact out."
        )
    return Counted(tokens, model, "counted by its server as a message")


def _count_here(settings: "Settings", models: "Models", model: str, text: str) -> Counted:
    from conduit_tui.catalog.tokens import Tokenizer, whole
    from conduit_tui.runtime import load_tokenizer

    provider, _, name = model.partition("/")
    endpoint = models.endpoints[provider]
    if found := load_tokenizer(settings, endpoint, name):
        return Counted(whole(found.count_text(text)), model, found.name)
    tokenizer = Tokenizer(wire=endpoint.kind)
    tokens = whole(tokenizer.count_text(text) * tokenizer.factor)
    return Counted(tokens, model, "estimate", is_estimated=True)
