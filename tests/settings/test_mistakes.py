"""Mistakes in settings.toml become words with a line; the good rest counts."""

import os

import pytest

from conduit_tui.settings.paths import Paths
from tests.settings.conftest import LoadText

GOOD = 'theme = "dark"\n'


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("model = openai/gpt-5", 1, "text goes in quotes"),
        ('# first\n\nmodel = "openai/gpt-5', 3, "a quote is not closed"),
        ('tools = ["one"', 1, "a list is not closed"),
        ("model", 1, "expected '='"),
        ('model = "a"\nmodel = "b"', 2, "already set"),
        ("model = 5", 1, "'model' must be text in quotes"),
        ('max_steps = "many"', 1, "a whole number from 1 to 100"),
        ("max_steps = 0", 1, "a whole number from 1 to 100"),
        ("max_steps = 2.5", 1, "a whole number from 1 to 100"),
        ("max_steps = true", 1, "a whole number from 1 to 100"),
        ("idle_seconds = nan", 1, "a number from 1 to 3600"),
        ("tools = [\n1,\n]", 1, "a list of names"),
        ('\n\nmodell = "x"', 3, "'modell' is no setting; did you mean 'model'?"),
        ("zzz = 1", 1, "known are model, theme"),
        ("keys = 3", 1, "a table of actions"),
        ("providers = 3", 1, "a table such as [providers.lmstudio]"),
        ("max_steps = " + "1" * 5000, 1, "a number is too long"),
        ('notify = "ring"', 1, '\'notify\' must be "bell", "notification", "both" or "off".'),
        ("notify = false", 1, '"bell", "notification", "both" or "off"'),
        ("notify_when = true", 1, '"unfocused" or "always"'),
        ('print_on_quit = "yes"', 1, "true or false"),
        ('[providers.x]\nthink_tags = "yes"', 2, 'true, false, or "implied"'),
        ("model = " + "[" * 3000, 1, "nested too deeply"),
        ("cache = 1", 1, "'cache' must be true or false."),
        ("params = 3", 1, "'params' must be a table such as [params] with temperature = 0.2."),
        (
            "[params]\nseed = 1\ntemperature = 2.5",
            3,
            "'params.temperature' must be a number from 0 to 2.",
        ),
        ("[params]\ntemperature = nan", 2, "a number from 0 to 2"),
        ("[params]\nmax_tokens = 0", 2, "a whole number from 1 to 10,000,000"),
        ('[params]\nstop = "END"', 2, "'params.stop' must be a list of at most 16 texts"),
        ('[params]\nstop = [""]', 2, "a list of at most 16 texts"),
        ('[params]\neffort = "hihg"', 2, "none, minimal, low, medium, high, xhigh or max"),
        ('[params]\nsearch = "on"', 2, "'params.search' must be true or false."),
        ("[params]\ntemprature = 1", 2, "'params.temprature' is no setting; did you mean 'temp"),
        ("[keys]\nparams = 3", 2, "'keys.params' must be a table of actions"),
        ("permissions = 3", 1, "'permissions' must be a table such as [permissions]"),
        ('[permissions]\ndeny = "run_shell"', 2, "'permissions.deny' must be a list of rules"),
        ('[permissions]\nforbid = ["a"]', 2, "'permissions.forbid' is no setting; known are deny"),
        ('[permissions]\ndeny = ["a", "b()"]', 2, "rule 2 of 'permissions.deny' is none; write"),
        ("[permissions]\nask = [3]", 2, "rule 1 of 'permissions.ask' is none; write TOOL"),
    ],
)
def test_a_mistake_names_its_line_and_what_was_expected(
    load: LoadText, paths: Paths, text: str, line: int, words: str
) -> None:
    notices = load(text).notices
    assert len(notices) == 1
    assert notices[0].startswith(f"{paths.settings_file}, line {line}: ")
    assert words in notices[0]


@pytest.mark.parametrize(
    "mistake",
    ["model = openai/gpt-5\n", 'model = "open\n', 'tools = ["one"\n', "max_steps = 0\n", "a b\n"],
)
def test_the_good_rest_of_the_file_counts(load: LoadText, mistake: str) -> None:
    before_and_after = load(f'system_prompt = "Hi."\n{mistake}{GOOD}')
    assert before_and_after.theme == "dark"
    assert before_and_after.system_prompt == "Hi."
    assert len(before_and_after.notices) == 1


def test_a_broken_table_header_does_not_put_its_keys_into_another_table(load: LoadText) -> None:
    settings = load('theme = "dark"\n[providers.a\nmodel = "wrong"\n[keys]\nquit = "ctrl+x"\n')
    assert settings.model is None
    assert settings.keys == {"quit": "ctrl+x"}
    assert len(settings.notices) == 1


def test_a_text_without_an_end_takes_only_itself_along(load: LoadText) -> None:
    settings = load('theme = "dark"\nsystem_prompt = """\nmodel = "x"\n')
    assert (settings.theme, settings.model) == ("dark", None)
    assert "line 2: a quote is not closed" in settings.notices[0]


def test_after_many_mistakes_the_defaults_are_used(load: LoadText) -> None:
    settings = load(GOOD + "oops\n" * 20)
    assert settings.theme is None
    assert "too many mistakes" in settings.notices[-1]


@pytest.mark.parametrize(
    ("field", "words"),
    [
        ('kind = "two words"', '"google", "ollama", or a word that an installed package gives'),
        ("kind = 3", "a word that an installed package gives"),
        ('base_url = "ftp://host/v1"', "an address such as"),
        ('base_url = "localhost:1234"', "an address such as"),
        ('base_url = "http://"', "an address such as"),
        ('base_url = "http://host:port/"', "an address such as"),
    ],
)
def test_a_provider_with_the_wrong_server_is_left_out_rather_than_sent_elsewhere(
    load: LoadText, field: str, words: str
) -> None:
    settings = load(f'[providers.good]\nmodels = ["m"]\n[providers.bad]\n{field}\n')
    assert set(settings.providers) == {"good"}
    assert len(settings.notices) == 1
    assert "line 4: " in settings.notices[0]
    assert words in settings.notices[0]
    assert "[providers.bad] is left out" in settings.notices[0]


def test_a_provider_keeps_what_is_right_in_it(load: LoadText) -> None:
    settings = load('[providers.a]\nbase_url = "http://h/v1"\ntools = "no"\nmodel = "x"\n')
    assert settings.providers["a"].base_url == "http://h/v1"
    assert settings.providers["a"].takes_tools is None
    assert "line 3: 'providers.a.tools' must be true or false" in settings.notices[0]
    assert (
        "line 4: 'providers.a.model' is no setting; did you mean 'models'?" in (settings.notices[1])
    )


@pytest.mark.parametrize("value", ['"8k"', "0", "true", '{ "qwen3:8b" = "big" }', "[8192]"])
def test_a_context_is_a_number_or_a_table_of_models(load: LoadText, value: str) -> None:
    settings = load(f"[providers.ollama]\nnum_ctx = {value}\n")
    assert settings.providers["ollama"].num_ctx is None
    assert "line 2: 'providers.ollama.num_ctx' must be a whole number from" in settings.notices[0]


def test_a_key_in_the_wrong_place_is_not_repeated(load: LoadText) -> None:
    settings = load('[providers.a]\napi_key_env = "sk-secret-1"\n[providers.b]\napi_key = 1234\n')
    assert len(settings.notices) == 2
    assert "sk-secret" not in str(settings)
    assert "1234" not in "".join(settings.notices)


def test_a_line_is_found_through_dotted_keys_inline_tables_and_long_texts(load: LoadText) -> None:
    text = 'system_prompt = """\nmax_steps = 0\n"""\nproviders.a.tools = 1\nkeys = { quit = 2 }\n'
    notices = load(text).notices
    assert [notice.partition(", ")[2].partition(":")[0] for notice in notices] == [
        "line 4",
        "line 5",
    ]


def test_escape_sequences_in_keys_do_not_reach_the_terminal(load: LoadText) -> None:
    assert "\x1b" not in "".join(load('"\\u001b[31mred" = 1\n').notices)


def test_a_file_that_is_not_utf8_is_told_with_its_line(load: LoadText) -> None:
    settings = load(b'theme = "dark"\nmodel = "\xff"\n')
    assert settings.theme is None
    assert "line 2: this is not UTF-8" in settings.notices[0]


def test_a_byte_order_mark_and_windows_line_ends_are_fine(load: LoadText) -> None:
    settings = load(b'\xef\xbb\xbftheme = "dark"\r\nmax_steps = 4\r\n')
    assert (settings.theme, settings.max_steps, settings.notices) == ("dark", 4, ())


def test_a_directory_in_place_of_the_file_is_told(load: LoadText, paths: Paths) -> None:
    paths.settings_file.mkdir()
    assert "is a directory" in load().notices[0]


def test_a_fifo_in_place_of_the_file_does_not_block(load: LoadText, paths: Paths) -> None:
    os.mkfifo(paths.settings_file)
    assert "not a regular file" in load().notices[0]


def test_a_huge_file_is_not_read(load: LoadText, paths: Paths) -> None:
    with paths.settings_file.open("wb") as file:
        file.truncate(100_000_000)
    assert "100 MB" in load().notices[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_told(load: LoadText, paths: Paths) -> None:
    paths.settings_file.write_text(GOOD)
    paths.settings_file.chmod(0)
    assert "Permission denied" in load().notices[0]


def test_a_key_that_others_can_read_is_advised_against(load: LoadText, paths: Paths) -> None:
    text = '[providers.a]\nbase_url = "http://h/v1"\napi_key = "sk-secret"\n'
    assert load(text).notices == ()
    paths.settings_file.chmod(0o644)
    settings = load()
    assert settings.providers["a"].api_key
    assert "chmod 600" in settings.notices[0]
    assert "sk-secret" not in settings.notices[0]


def test_a_wrong_rule_takes_no_other_along(load: LoadText) -> None:
    settings = load(
        '[permissions]\ndeny = ["a b", "run_shell", 3, "fetch_url(http://**)", "c("]\n'
        'allow = ["file_read()", "ls"]'
    )
    assert [(rule.verdict, str(rule)) for rule in settings.permissions] == [
        ("deny", "run_shell"),
        ("deny", "fetch_url(http://**)"),
        ("allow", "ls"),
    ]
    assert len(settings.notices) == 4
