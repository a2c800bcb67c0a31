"""`models` in a process of its own: tables, cards, and where what they say comes from."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from conduit_tui.catalog.listings import Listing, Listings
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.model_facts import ModelFacts
from tests.commands.conftest import Program
from tests.servers.openai_server import OpenAIServer, refused

SILENT = "http://127.0.0.1:9/v1"
ABILITIES = {"vision", "files", "audio", "reasoning", "tools", "image", "search"}


@pytest.fixture(autouse=True)
def no_ollama(program: Program) -> None:
    program.environ["OLLAMA_HOST"] = SILENT


def keep(program: Program, name: str, base_url: str, days: int, *models: str) -> None:
    """Leave a list of so many days ago in the program's home."""
    listing = Listing(tuple(map(ModelFacts, models)), datetime.now(UTC) - timedelta(days=days))
    Listings(program.home / "state" / "models").write(
        Endpoint(name, "openai-chat", base_url=base_url), listing
    )


async def test_without_a_key_the_guide_is_there_and_stderr_names_what_lacks_one(
    program: Program,
) -> None:
    result = await program.run("models")

    assert result.code == 0
    head, guide = result.stdout.splitlines()
    assert head.split() == ["MODEL", "CONTEXT", "IN", "$", "OUT", "$", "ABILITIES", "ALIAS"]
    assert guide.split() == ["demo/guide", "?", "?", "?", "?", "guide"]
    assert "Without a key: openai (OPENAI_API_KEY), " in result.stderr
    assert "ollama: nothing listens at http://127.0.0.1:9/v1." in result.stderr


async def test_servers_are_asked_and_the_next_run_reads_what_they_said(program: Program) -> None:
    async with OpenAIServer(models=("gpt-5", "brand\x1b[31m-new")) as server:
        program.use(server)
        first = await program.run("models", "--provider", "openai")
        second = await program.run("models", "--provider", "openai")
        assert len(server.exchanges) == 1
        third = await program.run("models", "-p", "openai", "--refresh")
        assert len(server.exchanges) == 2

    rows = [line.split()[0] for line in first.stdout.splitlines()]
    assert rows == ["MODEL", "openai/gpt-5", "openai/brand␛[31m-new"]
    assert first.stdout == second.stdout == third.stdout
    assert first.stderr == ""


async def test_a_server_that_fails_leaves_its_old_list_with_its_age(program: Program) -> None:
    async with OpenAIServer(models=refused(500, {})) as server:
        program.use(server)
        keep(program, "openai", server.url, 3, "from-before")
        result = await program.run("models", "-p", "openai")

    assert "openai/from-before" in result.stdout
    assert "Shown is its list from 3 days ago." in result.stderr
    assert result.code == 0


async def test_a_list_of_another_server_is_not_shown(program: Program) -> None:
    program.environ |= {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": SILENT}
    keep(program, "openai", "https://api.openai.com/v1", 0, "elsewhere")

    result = await program.run("models", "-p", "openai")

    assert "elsewhere" not in result.stdout
    assert "openai/gpt-5\n" in "".join(
        f"{line.split()[0]}\n" for line in result.stdout.splitlines()
    )
    assert "Shown is what is suggested." in result.stderr


async def test_a_type_keeps_those_that_are_known_to_have_it(program: Program) -> None:
    async with OpenAIServer(models=("gpt-5", "gpt-3.5-turbo", "unheard-of")) as server:
        program.use(server)
        result = await program.run("models", "-p", "openai", "--type", "vision", "--json")

    assert [model["name"] for model in json.loads(result.stdout)["models"]] == ["openai/gpt-5"]
    assert "Of 1 more it is not known whether they have vision." in result.stderr


async def test_json_has_always_the_same_keys(program: Program) -> None:
    result = await program.run("models", "--json")

    found = json.loads(result.stdout)
    assert found.keys() == {"models", "without_key"}
    assert "openai" in found["without_key"]
    (guide,) = found["models"]
    assert guide == {
        "name": "demo/guide",
        "provider": "demo",
        "model": "guide",
        "title": "",
        "note": "",
        "aliases": ["guide"],
        "context_window": None,
        "max_output_tokens": None,
        "abilities": dict.fromkeys(ABILITIES),
        "thinking": None,
        "efforts": [],
        "refuses": [],
        "usd_per_million_tokens": None,
        "source": "suggested",
        "listed_at": None,
    }


async def test_an_alias_prints_a_card_with_everything_that_is_known(program: Program) -> None:
    keep(program, "anthropic", "https://api.anthropic.com", 0, "claude-opus-5-5")
    (program.home / "config").mkdir(parents=True)
    (program.home / "config" / "aliases.toml").write_text('boss = "opus"\n')

    result = await program.run("models", "BOSS")

    lines = {line[:14].strip(): line[14:] for line in result.stdout.splitlines()[1:]}
    assert result.stdout.startswith("anthropic/claude-opus-5-5\n")
    assert lines["aliases"] == "opus, claude, boss"
    assert lines["window"] == "1,000,000 tokens"
    assert lines["max output"] == "128,000 tokens"
    assert lines["vision"] == "yes"
    assert lines["image"] == "no"
    assert lines["refuses"] == "seed, temperature, thinking_tokens, top_p"
    assert lines["efforts"] == "low, medium, high, xhigh, max"
    assert lines["input"] == "$4.00 per million tokens"
    assert lines["output"] == "$20.00 per million tokens"
    assert lines["cache read"] == "$0.20 per million tokens"
    assert lines["cache write"] == "$5.00 per million tokens"
    assert lines["known from"] == "its server's list, just now"
    assert "prices of genai-prices" in result.stdout
    assert (result.code, result.stderr) == (0, "")


async def test_a_full_name_of_an_unknown_model_has_a_card_that_knows_little(
    program: Program,
) -> None:
    result = await program.run("models", "openai/unheard-of", "--json")

    card = json.loads(result.stdout)
    assert card["name"] == "openai/unheard-of"
    assert card["source"] == "unlisted"
    assert card["usd_per_million_tokens"] is None
    assert set(card["abilities"].values()) == {None}


@pytest.mark.parametrize("arguments", [("sonet",), ("--provider", "opnai"), ("--type", "smell")])
async def test_what_is_not_known_exits_with_2(program: Program, arguments: tuple[str, ...]) -> None:
    result = await program.run("models", *arguments)

    assert (result.code, result.stdout) == (2, "")
    assert any(word in result.stderr for word in ("sonnet", "openai", "vision"))


async def test_a_mistake_in_the_aliases_is_told_and_the_table_comes(program: Program) -> None:
    (program.home / "config").mkdir(parents=True)
    (program.home / "config" / "aliases.toml").write_text('a = "b"\nb = "a"\n')

    result = await program.run("models")

    assert "line 1: 'a' leads back to itself" in result.stderr
    assert "demo/guide" in result.stdout


async def test_a_reader_that_has_enough_ends_it_quietly(program: Program) -> None:
    process = await program.start("models")
    assert process.stdout is not None
    process.stdout._transport.close()  # type: ignore[attr-defined]
    _, stderr = await process.communicate()

    assert b"Traceback" not in stderr
    assert process.returncode in {0, 141}
