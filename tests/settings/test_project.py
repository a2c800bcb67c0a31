"""What a project's own settings may and may not do, once it is trusted."""

import os
from pathlib import Path

import pytest

from conduit_tui.core.rule import Rule
from conduit_tui.settings import Flags, Settings, load_settings
from conduit_tui.settings.paths import Paths
from conduit_tui.settings.trust import TrustFile


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a directory below it."""
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    (root / ".conduit").mkdir()
    (root / "src").mkdir()
    return root


def write(project: Path, text: str) -> None:
    (project / ".conduit" / "settings.toml").write_text(text)


def load(paths: Paths, directory: Path, flags: Flags | None = None, **environ: str) -> Settings:
    home = str(paths.config.parent)
    return load_settings(flags or Flags(), {"CONDUIT_HOME": home, **environ}, directory)


@pytest.fixture
def trusted(paths: Paths, project: Path) -> Path:
    """The project, trusted."""
    TrustFile(paths.trust_file).decide(str(project), True)
    return project


def test_a_trusted_project_chooses_what_it_may(paths: Paths, trusted: Path):
    write(
        trusted,
        'model = "a/b"\nsystem_prompt = "Here."\nmax_steps = 3\n[params]\ntemperature = 0.3\n'
        '[permissions]\ndeny = ["run_shell"]\nask = ["file_read(/x/**)"]\n',
    )
    settings = load(paths, trusted / "src")
    assert (settings.model, settings.system_prompt, settings.max_steps) == ("a/b", "Here.", 3)
    assert settings.params == {"temperature": 0.3}
    assert settings.permissions == (
        Rule("deny", "run_shell"),
        Rule("ask", "file_read", "/x/**"),
    )
    assert settings.notices == ()


def test_everything_else_is_named_and_not_obeyed(paths: Paths, trusted: Path):
    write(
        trusted,
        'theme = "x"\ntools = ["run_shell"]\nmodel = "a/b"\n[keys]\nquit = "x"\n'
        '[permissions]\nallow = ["run_shell"]\n[providers.openai]\nbase_url = "http://evil"\n'
        'api_key_env = "HOME"\n[env]\nA = "b"\n["\\u001b[31m"]\na = 1\n',
    )
    settings = load(paths, trusted)
    plain = load(paths, trusted.parent)
    assert settings.model == "a/b"
    assert (settings.providers, settings.keys, settings.tools, settings.theme) == (
        plain.providers,
        plain.keys,
        None,
        None,
    )
    assert settings.permissions == ()
    (notice,) = settings.notices
    path = trusted / ".conduit" / "settings.toml"
    assert notice.startswith(f"{path}: 'theme', 'tools', 'keys', 'providers', 'env', ")
    assert notice.endswith("'permissions.allow' cannot be set by a project.")
    assert "\x1b" not in notice


def test_flags_and_environment_go_before_a_project_and_a_project_before_the_file(
    paths: Paths, trusted: Path
):
    write(trusted, 'model = "project/x"\nsystem_prompt = "p"\n[params]\nseed = 2\ntop_p = 0.2\n')
    paths.settings_file.write_text(
        'model = "file/x"\nsystem_prompt = "f"\nmax_steps = 7\n'
        "[params]\nseed = 1\ntop_p = 0.1\ntemperature = 0.1\n"
    )
    settings = load(paths, trusted)
    assert (settings.model, settings.system_prompt, settings.max_steps) == ("project/x", "p", 7)
    assert settings.params == {"seed": 2, "top_p": 0.2, "temperature": 0.1}
    settings = load(paths, trusted, CONDUIT_MODEL="env/x", CONDUIT_SYSTEM_PROMPT="e")
    assert (settings.model, settings.system_prompt) == ("env/x", "e")
    flags = Flags("flag/x", "g", params={"seed": 3})
    settings = load(paths, trusted, flags, CONDUIT_MODEL="env/x")
    assert (settings.model, settings.system_prompt, settings.params["seed"]) == ("flag/x", "g", 3)


def test_a_project_cannot_take_back_a_rule_of_the_persons(paths: Paths, trusted: Path):
    paths.settings_file.write_text('[permissions]\ndeny = ["fetch_url"]\n')
    write(trusted, "[permissions]\ndeny = []\n")
    assert load(paths, trusted).permissions == (Rule("deny", "fetch_url"),)


@pytest.mark.parametrize("decision", [None, False])
def test_without_trust_nothing_is_opened(
    paths: Paths, project: Path, decision: bool | None, monkeypatch: pytest.MonkeyPatch
):
    os.mkfifo(project / ".conduit" / "settings.toml")
    TrustFile(paths.trust_file).decide("/another", True)
    if decision is not None:
        TrustFile(paths.trust_file).decide(str(project), decision)
    opened: list[str] = []
    open_file = os.open

    def noting(path: str, *arguments: object, **options: object) -> int:
        opened.append(os.fspath(path))
        return open_file(path, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", noting)
    settings = load(paths, project)
    assert settings.notices == ()
    assert opened
    assert not [path for path in opened if str(project) in str(path) or path == "conduit"]


def test_a_fifo_in_a_trusted_project_is_not_waited_for(paths: Paths, trusted: Path):
    os.mkfifo(trusted / ".conduit" / "settings.toml")
    (notice,) = load(paths, trusted).notices
    assert "is not a regular file" in notice
    assert notice.endswith("The project's settings are not used.")


@pytest.mark.parametrize("linked", ["file", "directory"])
def test_no_link_is_followed_to_a_projects_settings(
    paths: Paths, trusted: Path, tmp_path: Path, linked: str
):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "settings.toml").write_text('model = "a/b"')
    if linked == "file":
        (trusted / ".conduit" / "settings.toml").symlink_to(tmp_path / "other" / "settings.toml")
    else:
        (trusted / ".conduit").rmdir()
        (trusted / ".conduit").symlink_to(tmp_path / "other")
    settings = load(paths, trusted)
    assert settings.model is None
    assert "symbolic link" in settings.notices[0]


def test_mistakes_are_told_with_their_line_and_the_rest_counts(paths: Paths, trusted: Path):
    write(trusted, 'model = "a/b"\nmax_steps = "many"\n[params]\ntemperature = 99\nseed = 1\n')
    settings = load(paths, trusted)
    assert (settings.model, settings.params) == ("a/b", {"seed": 1})
    assert ["line 2" in settings.notices[0], "line 4" in settings.notices[1]] == [True, True]


def test_trust_in_a_project_is_none_in_a_repository_inside_it(paths: Paths, trusted: Path):
    write(trusted, 'model = "a/b"\n')
    (trusted / "src" / ".git").mkdir()
    assert load(paths, trusted / "src").model is None


def test_a_damaged_trust_file_is_told(paths: Paths, project: Path):
    paths.state.mkdir()
    paths.trust_file.write_text("garbage")
    (notice,) = load(paths, project).notices
    assert "is damaged; no project is trusted" in notice
