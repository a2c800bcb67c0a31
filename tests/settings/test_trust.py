import json
import os
import stat
from pathlib import Path

import pytest

from conduit_tui.core.errors import SettingsError
from conduit_tui.settings.trust import TrustFile, home_directory, project_root


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state" / "trust.json"


def test_a_decision_is_kept_in_a_private_file(path: Path):
    TrustFile(path).decide("/p/a", True)
    TrustFile(path).decide("/p/b", False)
    found = TrustFile(path)
    assert found.trusted == ("/p/a",)
    assert [found.decision(each) for each in ("/p/a", "/p/b", "/p/c")] == [True, False, None]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["trust.json"]


def test_a_decision_is_changed_and_forgotten(path: Path):
    file = TrustFile(path)
    file.decide("/p/a", True)
    file.decide("/p/a", False)
    assert file.trusted == ()
    file.forget("/p/a")
    file.forget("/p/a")
    assert TrustFile(path).decision("/p/a") is None


def test_what_another_program_decided_meanwhile_is_kept(path: Path):
    first, second = TrustFile(path), TrustFile(path)
    assert first.trusted == second.trusted == ()
    first.decide("/p/a", True)
    second.decide("/p/b", True)
    assert TrustFile(path).trusted == ("/p/a", "/p/b")


def test_what_another_program_decided_counts_at_once(path: Path):
    here, elsewhere = TrustFile(path), TrustFile(path)
    assert not here.is_trusted("/p/a")
    elsewhere.decide("/p/a", True)
    assert here.is_trusted("/p/a")
    elsewhere.decide("/p/a", False)
    assert not here.is_trusted("/p/a")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"garbage",
        b"\xff\xfe",
        b"[1]",
        b"[" * 100_000,
        b"x" * 2_000_000,
        b'{"trusted": "/p/a"}',
        b'{"trusted": {"/p/a": 1}}',
        b'{"trusted": [1, null, "p/a", "", ["/p/a"]]}',
        b'{"declined": ["/p/a"]}',
    ],
)
def test_a_damaged_file_trusts_nothing(path: Path, content: bytes):
    path.parent.mkdir()
    path.write_bytes(content)
    path.chmod(0o600)
    assert TrustFile(path).trusted == ()


def test_a_damaged_file_is_told_and_mended_by_the_next_decision(path: Path):
    path.parent.mkdir()
    path.write_text("garbage \x1b[31m")
    file = TrustFile(path)
    assert file.trusted == ()
    assert file.notices == (f"{path} is damaged; no project is trusted. /trust decides anew.",)
    file.decide("/p/a", True)
    assert TrustFile(path).trusted == ("/p/a",)


def test_a_file_that_others_may_write_trusts_nothing(path: Path):
    TrustFile(path).decide("/p/a", True)
    path.chmod(0o666)
    file = TrustFile(path)
    assert file.trusted == ()
    assert "Others on this machine may write" in file.notices[0]


def test_a_fifo_in_its_place_is_not_waited_for(path: Path):
    path.parent.mkdir()
    os.mkfifo(path)
    file = TrustFile(path)
    assert file.trusted == ()
    assert "is not a regular file" in file.notices[0]


def test_a_decision_that_cannot_be_kept_holds_and_is_said(tmp_path: Path):
    (tmp_path / "state").write_text("in the way")
    file = TrustFile(tmp_path / "state" / "trust.json")
    with pytest.raises(SettingsError, match="It holds until the program ends"):
        file.decide("/p/a", True)
    assert file.trusted == ("/p/a",)


@pytest.mark.parametrize(
    ("directory", "words"),
    [
        ("/", "is the root of all files"),
        ("/home/ann", "is your home directory"),
        ("/home", "is above your home directory"),
    ],
)
def test_what_holds_more_than_a_project_cannot_be_trusted(path: Path, directory: str, words: str):
    file = TrustFile(path, Path("/home/ann"))
    with pytest.raises(SettingsError, match=words):
        file.decide(directory, True)
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"trusted": [directory]}))
    path.chmod(0o600)
    assert not TrustFile(path, Path("/home/ann")).is_trusted(directory)
    file.decide("/home/ann/project", True)
    assert file.is_trusted("/home/ann/project")


def test_a_project_is_the_repository_around_a_directory(tmp_path: Path):
    below = tmp_path / "repo" / "a" / "b"
    below.mkdir(parents=True)
    assert project_root(below, None) == below
    (tmp_path / "repo" / ".git").write_text("gitdir: elsewhere")
    assert project_root(below, None) == tmp_path / "repo"
    (tmp_path / "repo" / "a" / ".git").mkdir()
    assert project_root(below, None) == tmp_path / "repo" / "a"


def test_a_repository_of_the_home_directory_is_no_project(tmp_path: Path):
    below = tmp_path / "work" / "x"
    below.mkdir(parents=True)
    (tmp_path / ".git").mkdir()
    assert project_root(below, tmp_path) == below
    assert project_root(below, tmp_path / "work") == below


def test_the_home_directory_is_that_of_the_environment():
    assert home_directory({"HOME": "/home/ann"}) == Path("/home/ann")
    assert home_directory({}) is None
    assert home_directory({"HOME": "relative"}) is None
