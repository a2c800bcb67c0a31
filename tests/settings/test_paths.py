"""Where files live."""

from pathlib import Path

import pytest

from conduit_tui.settings.paths import find_paths


def test_conduit_home_moves_everything(tmp_path: Path) -> None:
    paths = find_paths({"CONDUIT_HOME": str(tmp_path)})
    assert paths.settings_file == tmp_path / "config" / "settings.toml"
    assert paths.keys_file == tmp_path / "config" / "keys.toml"
    assert paths.themes_dir == tmp_path / "config" / "themes"
    assert paths.database == tmp_path / "data" / "conduit.db"
    assert paths.log_file == tmp_path / "state" / "conduit.log"


def test_a_relative_conduit_home_does_not_move_with_the_working_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_paths({"CONDUIT_HOME": "here"}).data == tmp_path / "here" / "data"


def test_the_xdg_variables_count_without_conduit_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("CONFIG", "DATA", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    paths = find_paths({})
    assert paths.config == tmp_path / "config" / "conduit"
    assert paths.data == tmp_path / "data" / "conduit"
    assert paths.state == tmp_path / "state" / "conduit"


def test_looking_for_paths_makes_nothing(tmp_path: Path) -> None:
    find_paths({"CONDUIT_HOME": str(tmp_path / "new")})
    assert not (tmp_path / "new").exists()
