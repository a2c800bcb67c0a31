"""tiktoken where its file is on this machine, and never the network."""

import base64
import hashlib
from pathlib import Path

import pytest
import tiktoken
from tiktoken import registry
from tiktoken_ext import openai_public

from conduit_tui.catalog.encodings import ORIGINS, Origin, encoding_name, is_here, load_counter

TINY = "tiny_base"
TINY_URL = "https://encodings.invalid/tiny.tiktoken"
TINY_FILE = b"".join(
    base64.b64encode(token) + b" %d\n" % rank
    for rank, token in enumerate([*(bytes([each]) for each in range(256)), b"he", b"ll", b"hell"])
)
TINY_ORIGIN = {TINY: Origin(TINY_URL, hashlib.sha256(TINY_FILE).hexdigest())}


@pytest.fixture
def environ(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A folder of tiktoken's, and no way to the network."""

    def download(url: str) -> bytes:
        raise AssertionError(f"{url} was asked for")

    monkeypatch.setattr("tiktoken.load.read_file", download)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    return {"TIKTOKEN_CACHE_DIR": str(tmp_path)}


@pytest.fixture
def kept(environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of a tiny encoding, where tiktoken keeps those that it downloaded."""

    def tiny() -> dict[str, object]:
        ranks = tiktoken.load.load_tiktoken_bpe(TINY_URL, TINY_ORIGIN[TINY].sha256)
        pattern = r"\S+|\s+"
        return {
            "name": TINY,
            "pat_str": pattern,
            "mergeable_ranks": ranks,
            "special_tokens": {"<|end|>": 300},
        }

    tiktoken.list_encoding_names()
    monkeypatch.setitem(registry.ENCODING_CONSTRUCTORS, TINY, tiny)
    monkeypatch.setattr(registry, "ENCODINGS", {})
    path = tmp_path / hashlib.sha1(TINY_URL.encode()).hexdigest()
    path.write_bytes(TINY_FILE)
    return path


def test_an_encoding_that_is_here_counts_exactly(environ: dict[str, str], kept: Path) -> None:
    count = load_counter(TINY, environ, TINY_ORIGIN)
    assert count is not None
    assert count("hello") == 2  # hell, o
    assert count("") == 0


def test_signs_that_steer_a_model_are_counted_as_text(environ: dict[str, str], kept: Path) -> None:
    count = load_counter(TINY, environ, TINY_ORIGIN)
    assert count is not None
    assert count("<|end|>") == len("<|end|>")


def test_a_long_run_without_spaces_is_counted_in_pieces(
    environ: dict[str, str], kept: Path
) -> None:
    count = load_counter(TINY, environ, TINY_ORIGIN)
    assert count is not None
    assert count("x" * 50_000) == 50_000


def test_without_its_file_an_encoding_is_not_loaded(environ: dict[str, str]) -> None:
    assert load_counter("o200k_base", environ) is None


def test_a_damaged_file_is_left_alone_and_not_fetched_again(
    environ: dict[str, str], kept: Path
) -> None:
    kept.write_bytes(TINY_FILE[:-5])
    assert load_counter(TINY, environ, TINY_ORIGIN) is None
    assert kept.exists()


def test_a_folder_that_tiktoken_would_not_look_in_does_not_count(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = {"TIKTOKEN_CACHE_DIR": str(kept.parent)}
    assert is_here(TINY, there, TINY_ORIGIN)
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR")
    assert not is_here(TINY, there, TINY_ORIGIN)
    assert not is_here(TINY, {"TIKTOKEN_CACHE_DIR": ""}, TINY_ORIGIN)  # it keeps nothing then


def test_where_it_keeps_files_by_itself_is_found_too(
    kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TIKTOKEN_CACHE_DIR")
    monkeypatch.setattr("tempfile.tempdir", str(kept.parent.parent / "tmp"))
    folder = kept.parent.parent / "tmp" / "data-gym-cache"
    folder.mkdir(parents=True)
    kept.rename(folder / kept.name)
    assert is_here(TINY, {}, TINY_ORIGIN)


@pytest.mark.parametrize("name", ["o200k_base", "cl100k_base", "o200k_harmony"])
def test_files_and_hashes_are_those_that_tiktoken_asks_for(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []

    def load(url: str, expected_hash: str) -> dict[bytes, int]:
        asked.append((url, expected_hash))
        return {}

    monkeypatch.setattr(openai_public, "load_tiktoken_bpe", load)
    getattr(openai_public, name)()
    assert asked == [tuple(ORIGINS[name])]


def test_models_are_known_by_the_vendors_and_by_routers_names() -> None:
    assert encoding_name("gpt-5.4-mini") == encoding_name("openai/gpt-5") == "o200k_base"
    assert encoding_name("gpt-4") == "cl100k_base"
    assert encoding_name("claude-sonnet-5-5") is None
