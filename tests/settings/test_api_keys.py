"""keys.toml: private, replaced as a whole, never repeated."""

import os
import stat

import pytest

from conduit_tui.core.endpoint import Secret
from conduit_tui.core.errors import SettingsError
from conduit_tui.settings import store_api_key
from conduit_tui.settings.paths import Paths
from tests.settings.conftest import LoadText


def test_a_stored_key_comes_back(load: LoadText, paths: Paths) -> None:
    store_api_key(paths, "openai", Secret("sk-one"))
    store_api_key(paths, "my.server", Secret('sk-"two"\\'))
    store_api_key(paths, "openai", Secret("sk-three"))
    settings = load()
    assert settings.api_keys == {"openai": Secret("sk-three"), "my.server": Secret('sk-"two"\\')}
    assert settings.notices == ()


def test_the_file_and_its_directory_are_private(paths: Paths) -> None:
    paths.config.rmdir()
    before = os.umask(0)
    try:
        store_api_key(paths, "openai", Secret("sk-one"))
    finally:
        os.umask(before)
    assert stat.S_IMODE(paths.keys_file.stat().st_mode) == 0o600
    assert stat.S_IMODE(paths.config.stat().st_mode) == 0o700
    assert os.listdir(paths.config) == ["keys.toml"]


def test_a_file_that_others_can_read_is_made_private_and_told(load: LoadText, paths: Paths) -> None:
    store_api_key(paths, "openai", Secret("sk-one"))
    paths.keys_file.chmod(0o644)
    settings = load()
    assert settings.api_keys == {"openai": Secret("sk-one")}
    assert "it is private now" in settings.notices[0]
    assert stat.S_IMODE(paths.keys_file.stat().st_mode) == 0o600
    assert load().notices == ()


def test_a_broken_file_is_told_and_not_overwritten(load: LoadText, paths: Paths) -> None:
    paths.keys_file.write_text("openai = sk-secret\n")
    paths.keys_file.chmod(0o600)
    settings = load()
    assert settings.api_keys == {}
    assert "not valid TOML" in settings.notices[0]
    with pytest.raises(SettingsError, match="not valid TOML"):
        store_api_key(paths, "openai", Secret("sk-new"))
    assert paths.keys_file.read_text() == "openai = sk-secret\n"


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "sk-\x1b[31m", "sk-ä", "\ud800"])
def test_what_cannot_be_a_key_is_refused_without_repeating_it(paths: Paths, key: str) -> None:
    with pytest.raises(SettingsError) as caught:
        store_api_key(paths, "openai", Secret(key))
    assert not key or key not in str(caught.value)
    assert not paths.keys_file.exists()


def test_a_directory_that_cannot_be_made_is_told(paths: Paths) -> None:
    paths.config.rmdir()
    paths.config.write_text("in the way")
    with pytest.raises(SettingsError, match="cannot be"):
        store_api_key(paths, "openai", Secret("sk-one"))


def test_a_linked_file_stays_a_link(paths: Paths, load: LoadText) -> None:
    elsewhere = paths.config / "elsewhere.toml"
    paths.keys_file.symlink_to(elsewhere)
    store_api_key(paths, "openai", Secret("sk-one"))
    assert paths.keys_file.is_symlink()
    assert load().api_keys == {"openai": Secret("sk-one")}
