"""The tools that the README shows how to write, as a package would bring them."""

import re
import tomllib
from pathlib import Path

import pytest

from conduit_tui.tools.installed import installed_tools
from conduit_tui.tools.tool import Surroundings
from conduit_tui.tools.toolbox import Toolbox
from tests.packages import Packages
from tests.tools.bench import Permitted

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


@pytest.fixture
def tools(packages: Packages) -> Toolbox:
    section = README.split("### Tools of your own\n")[1].split("\n## ")[0]
    (code,) = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    (project,) = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    points = tomllib.loads(project)["project"]["entry-points"]["conduit_tui.tools"]
    assert {target.partition(":")[0] for target in points.values()} == {"my_dice"}
    targets = {name: target.partition(":")[2] for name, target in points.items()}
    packages.install("my-dice", code, tools=targets)
    toolbox = Toolbox(more=[installed_tools])
    assert toolbox.load() == ()
    return toolbox


async def test_the_first_tool_of_the_readme_runs_unasked(tools: Toolbox) -> None:
    bench = Permitted(tools)

    result = await bench.call("roll", '{"sides": 2, "times": 3}')

    assert re.fullmatch(r"\[[12],[12],[12]\]", result.output)
    assert [act.effect for act in bench.acts] == ["none"]
    refused = await bench.call("roll", '{"sides": 1}')
    assert refused.is_error
    assert "sides" in refused.output


async def test_the_second_one_asks_with_what_it_will_write(tools: Toolbox, tmp_path: Path) -> None:
    bench = Permitted(tools, Surroundings(tmp_path))

    result = await bench.call("keep_roll", '{"shown": 4}')

    assert not result.is_error
    assert (tmp_path / "rolls.txt").read_text() == "4\n"
    assert [(act.effect, act.subject, act.preview) for act in bench.acts] == [
        ("write", str(tmp_path / "rolls.txt"), "+4")
    ]


async def test_without_leave_it_writes_nothing(tools: Toolbox, tmp_path: Path) -> None:
    bench = Permitted(tools, Surroundings(tmp_path))
    bench.denied = {"keep_roll"}

    assert (await bench.call("keep_roll", '{"shown": 4}')).is_error
    assert not (tmp_path / "rolls.txt").exists()
