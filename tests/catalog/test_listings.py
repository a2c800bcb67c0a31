import json
import logging
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from conduit_tui.catalog.listings import Listing, Listings
from conduit_tui.core.endpoint import Endpoint
from conduit_tui.core.model_facts import ModelFacts

AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HERE = Endpoint("here", "openai-chat", base_url="https://here.example/v1")
FACTS = ModelFacts(
    "big",
    context_window=8_000,
    max_output_tokens=1_000,
    has=frozenset({"vision", "tools"}),
    lacks=frozenset({"audio"}),
    refuses=frozenset({"seed"}),
    efforts=("low", "high"),
    thinking="budget",
    title="Big \ud800 one",
    note="7B",
)
LISTING = Listing((FACTS, ModelFacts("small")), AT)


def test_a_list_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    Listings(tmp_path / "lists").write(HERE, LISTING)

    assert Listings(tmp_path / "lists").read(HERE) == LISTING


def test_a_list_is_for_nobody_elses_eyes_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    lists = Listings(tmp_path / "lists")
    lists.write(HERE, LISTING)
    lists.write(HERE, Listing((), AT))

    (file,) = (tmp_path / "lists").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_list_from_another_server_is_not_used(tmp_path: Path) -> None:
    lists = Listings(tmp_path)
    lists.write(HERE, LISTING)

    assert lists.read(replace(HERE, base_url="http://127.0.0.1:1/v1")) is None
    assert lists.read(replace(HERE, name="there")) is None


def test_a_password_in_an_address_is_not_written_down(tmp_path: Path) -> None:
    secret = replace(HERE, base_url="https://me:hunter2@here.example/v1")
    Listings(tmp_path).write(secret, LISTING)

    assert "hunter2" not in (tmp_path / "here.json").read_text()
    assert Listings(tmp_path).read(secret) == LISTING


@pytest.mark.parametrize("name", ["..", ".", "a%2Fb", "ä€", "con:1"])
def test_any_name_of_a_provider_is_a_file_in_the_directory(tmp_path: Path, name: str) -> None:
    endpoint = replace(HERE, name=name)
    Listings(tmp_path / "lists").write(endpoint, LISTING)

    assert [file.parent for file in tmp_path.rglob("*.json")] == [tmp_path / "lists"]
    assert Listings(tmp_path / "lists").read(endpoint) == LISTING


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b"[" * 100_000,
        b'{"base_url": "x", "fetched_at": "yesterday", "models": []}',
        b'{"base_url": "x", "fetched_at": "2026-11-20T12:00:00", "models": []}',
        b'{"base_url": "x", "fetched_at": "2026-11-20T12:00:00+00:00", "models": [{}]}',
        b'{"base_url": null, "fetched_at": "2026-11-20T12:00:00+00:00", "models": []}',
        b'{"base_url": "x", "fetched_at": 12' + b"0" * 5000 + b"}",
    ],
)
def test_a_damaged_file_is_no_list_and_the_log_says_so(
    tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "here.json").write_bytes(content)

    with caplog.at_level(logging.WARNING, "conduit_tui.catalog.listings"):
        assert Listings(tmp_path).read(HERE) is None
    assert "damaged" in caplog.text


def test_values_that_make_no_sense_are_unknown(tmp_path: Path) -> None:
    lists = Listings(tmp_path)
    lists.write(HERE, LISTING)
    file = tmp_path / "here.json"
    kept = json.loads(file.read_text())
    kept["models"] = [
        {"name": "odd", "context_window": True, "max_output_tokens": -1, "has": ["flying", 3],
         "efforts": "low", "thinking": "hard", "title": 7}
    ]  # fmt: skip
    file.write_text(json.dumps(kept))

    assert lists.read(HERE) == Listing((ModelFacts("odd"),), AT)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "here.json")

    assert Listings(tmp_path).read(HERE) is None


def test_a_directory_that_cannot_be_made_costs_only_the_list(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    lists = Listings(tmp_path / "file" / "lists")

    lists.write(HERE, LISTING)

    assert lists.read(HERE) is None


def test_nothing_is_written_where_nothing_is_to_be_kept(tmp_path: Path) -> None:
    Listings(tmp_path / "lists", keeps=False).write(HERE, LISTING)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("hours", "is_stale"), [(0, False), (23, False), (24, True), (1000, True), (-1, True)]
)
def test_a_list_is_good_for_a_day(hours: int, is_stale: bool) -> None:
    assert LISTING.is_stale(AT + timedelta(hours=hours)) is is_stale
