"""README, ARCHITECTURE and CHANGELOG say what the code does: names, numbers, files, commands."""

import ast
import json
import re
import signal
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import click
import pytest
from textual.binding import Binding

from conduit_tui import __version__
from conduit_tui.catalog.cards import ABILITIES, ModelCard, card_json
from conduit_tui.catalog.rows import builtin_rows
from conduit_tui.cli import COMMANDS as PROGRAM_COMMANDS
from conduit_tui.cli import front
from conduit_tui.commands import reply
from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.settings.paths import Paths
from conduit_tui.settings.schema import ProviderTable, SettingsTable
from conduit_tui.tui import keymap, own_keys, slash
from conduit_tui.tui.app import CRASH_EXIT_CODE
from conduit_tui.tui.key_names import parse_keys
from conduit_tui.tui.widgets import pasting, tree_row
from conduit_tui.tui.widgets.message_tree import MessageTree
from conduit_tui.tui.widgets.query_words import FILTERS
from conduit_tui.tui.widgets.row_list import RowList

COMMANDS = [
    front,
    *(import_module(module).command for module, _ in PROGRAM_COMMANDS.values()),
]
ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "conduit_tui"
README, ARCHITECTURE, CHANGELOG = (
    (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md")
)
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
OUR_SUFFIXES = {".py", ".sql", ".tcss", ".toml", ".md", ".txt", ".svg"}
WRITTEN_BY_PEOPLE = {"settings.toml", "keys.toml", ".conduit/settings.toml"}
SPELLINGS = {"up": "Up", "down": "Down", "left": "Left", "right": "Right"}
PROMISES = re.compile(r"(?i)\b(coming soon|to-?do|fixme|roadmap|not yet|planned|in the future)\b")


def section(title: str, text: str = README) -> str:
    """What stands below a heading of the second rank."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, f"there is no section {title!r}"
    return found[1]


def first_cells(text: str) -> list[str]:
    """The first cell of every row of every table that begins with a quoted name."""
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    return [re.split(r"(?<!\\)\|", row)[1].strip() for row in rows]


def quoted(text: str) -> set[str]:
    """Everything between backticks, but for blocks of code."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", text, flags=re.DOTALL)))


# -- README: what a person types --------------------------------------------------------------


def test_every_slash_command_stands_in_the_readme_as_the_table_has_it() -> None:
    written = [
        f"`/{each.name} {each.argument_hint}".strip().replace("|", "\\|") + "`"
        for each in slash.COMMANDS
    ]
    assert first_cells(section("Slash commands")) == written


@pytest.mark.parametrize("command", COMMANDS, ids=lambda each: each.name)
def test_every_option_is_named_in_the_readme(command: click.Command) -> None:
    options = [name for each in command.params for name in each.opts if name.startswith("-")]
    assert [name for name in options if f"`{name}`" not in README] == []


def test_no_option_is_named_that_is_not_there() -> None:
    params = [each for command in COMMANDS for each in command.params]
    known = {name for each in params for name in (*each.opts, *each.secondary_opts)}
    named = {word for word in quoted(README) if re.fullmatch(r"-[a-z]|--[a-z-]+", word)}
    assert named - known == {"-h", "--help"}


def test_every_command_of_the_program_has_an_example() -> None:
    assert [name for name in PROGRAM_COMMANDS if f"conduit-tui {name} " not in README] == []


def test_every_action_that_can_be_moved_is_listed() -> None:
    listed = re.search(r"Actions that can be moved: (.*?)\. ", section("settings.toml"), re.DOTALL)
    assert listed
    movable = [action.id for action in keymap.ACTIONS if not action.is_fixed]
    assert re.findall(r"`(\w+)`", listed[1]) == movable


def test_every_key_in_the_table_of_keys_is_bound() -> None:
    bound = {
        name
        for action in keymap.ACTIONS
        for key in action.keys
        for name in (keymap.display_name(key), SPELLINGS.get(key, ""))
    }
    named = {
        re.sub(r" in .*", "", key) for cell in first_cells(section("Keys")) for key in quoted(cell)
    }
    assert named - bound == {"@"}  # it begins a completion


def test_every_key_the_guide_tells_a_newcomer_is_bound() -> None:
    tour = (PACKAGE / "providers/guide/tour.md").read_text("utf-8")
    steps = section("A conversation is a tree", tour.split("<!-- or -->")[0])
    bound = {keymap.display_name(key) for action in keymap.ACTIONS for key in action.keys}
    assert quoted(steps) <= bound
    assert quoted(steps) >= {"e", "r", "h", "l", "t", "T", "=", "u", "Ctrl+F"}


def test_the_skill_that_knows_the_program_names_what_is_there() -> None:
    guide = (PACKAGE / "skills/shipped/conduit-guide/SKILL.md").read_text("utf-8")
    words = quoted(guide)
    commands = {word.split()[0].removeprefix("/") for word in words if re.match(r"/[a-z]", word)}
    assert commands >= {"tools", "skills", "trust", "changes", "permissions", "answer"}
    assert commands <= {each.name for each in slash.COMMANDS}
    bound = {keymap.display_name(key) for action in keymap.ACTIONS for key in action.keys}
    named = {key for cell in first_cells(guide) for key in quoted(cell)}
    named |= {word for word in words if re.fullmatch(r"F\d|Ctrl\+\w", word)}
    assert named <= bound


def test_the_trees_own_keys_stand_below_the_tree_and_on_the_keys_screen() -> None:
    of_list = {"up", "down", "pageup", "pagedown", "home", "end", *"jkgG"}
    bound = {
        keymap.display_name(parse_keys(key)[0])
        for binding in (*RowList.BINDINGS, *MessageTree.BINDINGS)
        if isinstance(binding, Binding)
        for key in binding.key.split(",")
        if key not in of_list
    }
    shown = {
        keymap.display_name(key)
        for action in keymap.ACTIONS
        if action.mode == "tree"
        for key in action.keys
    }
    assert shown == bound | {"/"}  # it begins the filter
    table = section("The tree").split("| key in the tree | |")[1].split("\n\n")[0]
    named = {key for cell in first_cells(table) for key in quoted(cell)}
    assert shown - {"←", "→"} == named - set("jkgG")


def test_the_signs_of_the_tree_are_those_it_draws() -> None:
    table = section("The tree").split("| sign | |")[1].split("\n\n")[0]
    signs = {sign for cell in first_cells(table) for sign in quoted(cell) if len(sign) == 1}
    files = ("tui/widgets/tree_row.py", "tui/widgets/spinner.py")
    source = "".join((PACKAGE / file).read_text("utf-8") for file in files)
    assert [sign for sign in signs if f'"{sign}' not in source] == []
    assert {tree_row.STAR, tree_row.NOTE, tree_row.UNSEEN} <= signs


def test_the_filters_of_search_and_of_the_tree_are_those_that_are_read() -> None:
    cells = " ".join(first_cells(section("Search")))
    names = {name for each in quoted(cells) for name in re.findall(r"^(\w+):", each)}
    fields = {name.rstrip(":") for name in FILTERS if name.endswith(":")}
    assert names == fields
    of_tree = {
        name for each in quoted(section("The tree")) for name in re.findall(r"^(\w+):", each)
    }
    assert of_tree == fields - {"session"}


def test_the_sizes_of_a_large_paste_are_told() -> None:
    assert f"{pasting.MOST_CHARACTERS:,} characters or {pasting.MOST_LINES} lines" in " ".join(
        README.split()
    )


# -- README: settings, variables, files -------------------------------------------------------


def test_every_built_in_provider_has_a_row_with_its_variables() -> None:
    rows = {
        line.split("|")[1].strip(" `"): line
        for line in section("Models and providers").splitlines()
        if line.startswith("| `")
    }
    assert list(rows) == list(builtin_rows())
    for name, row in builtin_rows().items():
        wanted = [*row.api_key_env, *filter(None, [row.base_url_env])]
        assert [variable for variable in wanted if f"`{variable}`" not in rows[name]] == []


def test_every_environment_variable_that_is_read_is_named() -> None:
    named = quoted(section("Environment variables"))
    assert sorted(set(_variables_read()) - named) == []


def test_every_variable_in_the_table_is_read_or_the_sdks() -> None:
    named = {
        name
        for cell in first_cells(section("Environment variables"))
        for name in quoted(cell)
        if name.isupper()
    }
    of_the_libraries = {"OPENAI_ORG_ID", "OPENAI_PROJECT_ID", "HTTPS_PROXY"}
    assert named - of_the_libraries <= set(_variables_read())


def test_every_setting_is_named_and_no_other() -> None:
    settings, providers = section("settings.toml").split("| key under `[providers.NAME]` | |")
    names = [cell.strip("`") for cell in first_cells(settings)]
    assert names == list(SettingsTable.model_fields)
    of_providers = [cell.strip("`") for cell in first_cells(providers)]
    assert of_providers == list(ProviderTable.model_fields)


def test_the_examples_of_settings_have_no_mistakes() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    assert len(blocks) >= 3
    for block in blocks:
        if "[project]" in block:
            continue  # of a package of tools
        table = SettingsTable.model_validate(tomllib.loads(block))
        keys = {
            action: names if isinstance(names, str) else ",".join(names)
            for action, names in table.keys.items()
        }
        assert own_keys.load_keymap(keys).notices == ()


def test_every_file_the_program_writes_is_named() -> None:
    here = Paths(Path("config"), Path("data"), Path("state"))
    files = (here.settings_file, here.keys_file, here.database, here.log_file, here.themes_dir)
    files = (*files, here.aliases_file, here.model_lists)
    named = quoted(section("Files"))
    assert [file.name for file in files if file.name not in named] == []


def test_every_theme_of_ours_is_named() -> None:
    names = [path.stem for path in (ROOT / "themes").glob("*.toml")]
    assert [name for name in names if f"`{name}`" not in README] == []


# -- README: what ask gives back --------------------------------------------------------------


def test_every_exit_code_is_documented() -> None:
    interrupted = reply.SIGNAL_BASE + signal.SIGINT
    codes = [reply.OK, reply.FAILED, reply.USAGE, reply.PROVIDER_FAILED, reply.NO_KEY, interrupted]
    table = section("Command line").split("| exit code | |")[1].split("\n\n")[0]
    assert first_cells(table) == [f"`{code}`" for code in codes]
    assert f"`{CRASH_EXIT_CODE}`" in README


def test_every_key_of_the_json_object_is_documented_in_its_order() -> None:
    printed = json.loads(reply.Reply().as_json())
    table = section("Command line").split("one object, also when")[1]
    named = [name for cell in first_cells(table) for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(printed)
    assert [name for name in printed["usage"] if f"`{name}`" not in table] == []


def test_every_key_of_a_models_json_is_documented() -> None:
    printed = card_json(ModelCard("p", ModelFacts("m")))
    table = section("Looking models up").split("| key | |")[1]
    named = [name for cell in first_cells(table) for name in re.findall(r"`(\w+)`", cell)]
    assert named == sorted(printed, key=named.index)
    assert [name for name in ABILITIES if f"`{name}`" not in table] == []


# -- commands to run --------------------------------------------------------------------------


def test_ci_runs_exactly_the_readmes_test_command() -> None:
    last = (ROOT / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1]
    block = re.search(r"```sh\n(.*?)```", section("Two commands"), re.DOTALL)
    assert block
    commands = [line.partition("#")[0].strip() for line in block[1].splitlines()]
    assert commands == ["make run", last.removeprefix("exec ")]


def test_every_make_target_that_is_named_is_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    blocks = re.findall(r"```sh\n(.*?)```", README, re.DOTALL)
    words = "\n".join((*blocks, *quoted(README), *quoted(ARCHITECTURE)))
    named = set(re.findall(r"^make ([a-z]+)", words, re.MULTILINE))
    assert len(named) > 4
    assert named - targets == set()


def test_the_version_is_the_same_everywhere() -> None:
    newest = re.search(r"^## \[(.+?)\] - \d{4}-\d\d-\d\d$", CHANGELOG, re.MULTILINE)
    assert newest
    assert newest[1] == __version__ == PROJECT["project"]["version"]


def test_the_lowest_python_is_the_same_everywhere() -> None:
    lowest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert f"({lowest} or later)" in README


# -- ARCHITECTURE -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", [README, ARCHITECTURE], ids=["README", "ARCHITECTURE"])
def test_every_file_of_ours_that_is_named_exists(text: str) -> None:
    pictures = set(re.findall(r"\]\(([\w/.-]+)\)", text))
    named = pictures | {word for word in quoted(text) if _is_a_path(word)}
    assert len(named) > 4
    assert sorted(name for name in named if not _exists(name)) == []


def test_every_method_and_function_that_is_named_exists() -> None:
    words = quoted(ARCHITECTURE)
    classes = _classes()
    methods = [word for word in words if re.fullmatch(r"[A-Z]\w+\.\w+", word)]
    ours = [word for word in methods if word.partition(".")[0] != "AsyncOpenAI"]
    assert len(ours) > 10
    missing = [
        word for word in ours if word.split(".")[1] not in classes.get(word.split(".")[0], set())
    ]
    assert missing == []


def test_every_layer_of_the_contract_stands_in_the_map_in_its_order() -> None:
    layers = PROJECT["tool"]["importlinter"]["contracts"][0]["layers"]
    wanted = [name for layer in layers for name in layer.split(" | ")]
    cells = first_cells(section("The map", ARCHITECTURE))
    named = [name.strip("/") for cell in cells for name in re.findall(r"`([^`]+)`", cell)]
    shown = [name.removeprefix("conduit_tui/").removesuffix(".py") for name in named]
    assert shown == wanted


def test_every_module_stands_in_the_map_once() -> None:
    modules = {
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if path.name != "__init__.py"
    }
    named = Counter(_mapped())
    assert sorted(modules - set(named)) == []
    assert sorted(set(named) - modules) == []
    assert sorted(name for name, times in named.items() if times > 1) == []


def _mapped() -> Iterator[str]:
    """The modules of the map: those of its table, and those behind the package of each item."""
    table, *items = re.split(r"^- ", section("The map", ARCHITECTURE), flags=re.MULTILINE)
    for cell in first_cells(table):
        yield from re.findall(r"`conduit_tui/(\w+\.py)`", cell)
    for item in items:
        package = re.match(r"`([\w/]+)/`", item)
        assert package, f"this begins with no package: {item[:40]!r}"
        for name in re.findall(r"`([\w/]+\.py)`", item.split("\n\n")[0]):
            yield f"{package[1]}/{name}"


def test_no_line_but_those_of_tables_is_longer_than_a_hundred_characters() -> None:
    long = [
        line
        for line in (*ARCHITECTURE.splitlines(), *CHANGELOG.splitlines())
        if len(line) > 100 and not line.startswith("|")
    ]
    assert long == []


def test_every_table_of_the_database_is_described() -> None:
    scripts = sorted((PACKAGE / "storage" / "migrations").glob("*.sql"))
    made = re.findall(
        r"CREATE (?:VIRTUAL )?TABLE (\w+)", "".join(each.read_text("utf-8") for each in scripts)
    )
    cells = first_cells(section("Storage", ARCHITECTURE))
    named = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(named) == sorted(made)


def test_every_dependency_has_its_reason_and_no_other_is_named() -> None:
    wanted = {re.match(r"[\w-]+", each)[0] for each in PROJECT["project"]["dependencies"]}  # type: ignore[index]
    cells = first_cells(section("Dependencies", ARCHITECTURE))
    assert {cell.strip("`") for cell in cells} == wanted


# -- every word -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [ROOT / "README.md", ROOT / "ARCHITECTURE.md", ROOT / "CHANGELOG.md", PACKAGE],
    ids=lambda path: path.name,
)
def test_nothing_is_promised(path: Path) -> None:
    files = [path] if path.is_file() else _texts(path)
    found = [
        f"{file.relative_to(ROOT)}: {match[0]}"
        for file in files
        for match in [_promise(file)]
        if match
    ]
    assert found == []


def _promise(file: Path) -> re.Match[str] | None:
    """In the package only marks of unfinished work count: its words may speak of time."""
    text = file.read_text(encoding="utf-8")
    if file.is_relative_to(PACKAGE):
        return re.search(r"\b(TODO|FIXME|XXX)\b|(?i:coming soon)", text)
    return PROMISES.search(text)


def _texts(folder: Path) -> list[Path]:
    kinds = {".py", ".md", ".toml", ".sql", ".tcss"}
    return [path for path in folder.rglob("*") if path.suffix in kinds]


def _variables_read() -> Iterator[str]:
    """Names in capitals in every function that looks at the environment, and the rows' own."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for function in ast.walk(_parsed(path)):
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                yield from _variables_of(function)


def _variables_of(function: ast.AST) -> Iterator[str]:
    nodes = list(ast.walk(function))
    if not any(_is_environ(node) for node in nodes):
        return
    handed_on = {  # what a dictionary holds is set for another program
        item for node in nodes if isinstance(node, ast.Dict) for item in (*node.keys, *node.values)
    }
    for node in nodes:
        if isinstance(node, ast.Constant) and node not in handed_on and _is_variable(node.value):
            yield str(node.value)


def _is_variable(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z0-9_]{2,}", value) is not None


def _is_environ(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name == "environ"
        case _:
            return False


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _is_a_path(word: str) -> bool:
    """A file or folder of the repository, not one that the program makes or a model's name."""
    if not re.fullmatch(r"[\w.-]+(/[\w.-]*)*", word) or word in WRITTEN_BY_PEOPLE:
        return False
    top = word.split("/")[0]
    is_in_a_folder = "/" in word and any((folder / top).is_dir() for folder in (ROOT, PACKAGE))
    return is_in_a_folder or Path(word).suffix in OUR_SUFFIXES


def _exists(name: str) -> bool:
    """A name counts from the root or the package, or as the end of a path in the package."""
    if any((folder / name).exists() for folder in (ROOT, PACKAGE)):
        return True
    return any(path.as_posix().endswith(f"/{name.rstrip('/')}") for path in PACKAGE.rglob("*"))


def _classes() -> dict[str, set[str]]:
    """What each class of the package defines."""
    found: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(_parsed(path)):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, set()).update(_defined_in(node))
    return found


def _defined_in(node: ast.ClassDef) -> Iterator[str]:
    for item in node.body:
        match item:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.AnnAssign(target=ast.Name(id=name)):
                yield name
            case _:
                pass
