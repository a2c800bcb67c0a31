"""What is said of a tool."""

from conduit_tui.core.consent import Effect
from conduit_tui.core.request import ToolSpec
from conduit_tui.core.rule import Rule
from conduit_tui.tools.tool import Tool
from conduit_tui.tui.tool_words import details, standing, summary, why_not


async def run(*_: object) -> str:
    return ""


def tool(description: str = "", effect: Effect = "read", lacks: str = "") -> Tool:
    return Tool(ToolSpec("file_read", description, {"type": "object"}), run, effect, lacks=lacks)


def test_the_summary_is_the_first_sentence_in_one_line():
    assert summary(tool("Read  a\nfile. Long ones are cut.")) == "Read a file"
    assert summary(tool("Such as v1.2 of it")) == "Such as v1.2 of it"
    assert summary(tool("")) == ""
    assert "\x1b" not in summary(tool("a\x1b[2J"))


def test_what_is_missing_goes_before_what_is_denied():
    assert why_not(tool(lacks="KEY is not set"), is_denied=True) == "KEY is not set"
    assert why_not(tool(), is_denied=True) == "a rule denies it"
    assert why_not(tool(), is_denied=False) == ""


def test_after_files_were_read_only_the_network_asks_every_time():
    words = {
        effect: standing(tool(effect=effect), is_denied=False, has_read_files=True)
        for effect in ("none", "read", "write", "run", "network")
    }
    assert [effect for effect in words if "every time" in words[effect][0]] == ["network"]
    assert "never asks" in words["none"][0]


def test_rules_of_this_tool_and_of_all_are_told_with_where_they_come_from():
    rules = (Rule("deny", "*", "/etc/**"), Rule("allow", "ls"), Rule("ask", "file_read"))
    text = details(tool("Reads."), rules)
    assert "deny   *(/etc/**)  (settings.toml)\nask    file_read  (settings.toml)" in text
    assert "allow  ls" not in text
    assert "No rule speaks of it." in details(tool(), rules[1:2])


def test_lines_of_a_description_become_paragraphs():
    assert details(tool("Read\na file.\n\nNot more."), ()).startswith("Read a file.\n\nNot more.")
    assert details(tool("Fetch\nit.\n- a: x\n- b: y"), ()).startswith("Fetch it.\n- a: x\n- b: y\n")


def test_a_pattern_full_of_backticks_stays_in_its_block():
    text = details(tool(), (Rule("deny", "*", "a```\n# not a heading\n````"),))
    assert "`````\ndeny   *(a```\n# not a heading\n````)  (settings.toml)\n`````" in text
