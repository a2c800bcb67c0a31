"""What a person said of tools: once, for a session, always, and no."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from conduit_tui.controller.permissions import MAY_LEAK, Permissions
from conduit_tui.controller.tooling import Tooling
from conduit_tui.core.consent import Act, Choice, Decision
from conduit_tui.core.errors import StorageError
from conduit_tui.core.message import Attachment, ToolCall
from conduit_tui.core.request import ToolSpec
from conduit_tui.core.rule import Rule, literal
from conduit_tui.storage.database import Database
from conduit_tui.storage.permissions import PermissionStore
from conduit_tui.tools.tool import Surroundings, Tool, ToolContext
from conduit_tui.tools.toolbox import Toolbox
from tests.controller.workshop import Workshop, ended, outputs, questions, reopened, results


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Workshop]:
    database = await Database.open(tmp_path / "conduit.db")
    shop = Workshop(database)
    try:
        yield shop
    finally:
        await shop.aclose()


async def test_yes_once_is_asked_for_again(shop: Workshop) -> None:
    shop.calls("go", ("write", "/a"))
    session = shop.shelf.new()
    assert [each.output for each in await shop.allow(session, "go", "once")] == ["write did /a"]
    await shop.allow(session, "go", "once")
    assert shop.done == ["write /a", "write /a"]
    assert session.rules == ()


async def test_no_reaches_the_model_with_its_reason_and_is_stored(shop: Workshop) -> None:
    shop.calls("go", ("write", "/a"))
    session = shop.shelf.new()
    turn = shop.controller.send(session, "go")
    await shop.answer("no", "  Use /b instead.  ")
    events = await ended(turn)

    words = "The person said no: Use /b instead. It was not done; do not try to get round this."
    assert [(each.output, each.is_error) for each in results(session)] == [(words, True)]
    assert shop.provider.requests[-1].messages[-1].tool_results == tuple(results(session))
    assert shop.done == []
    assert questions(events) == [("/a", "asked"), ("/a", "no")]
    await shop.assert_stored(session)


async def test_a_reason_of_any_length_is_cut(shop: Workshop) -> None:
    shop.calls("go", ("write", "/a"))
    session = shop.shelf.new()
    turn = shop.controller.send(session, "go")
    await shop.answer("no", "x" * 1_000_000)
    await ended(turn)
    assert len(outputs(session)[0]) < 2_200


async def test_yes_for_the_session_holds_when_it_is_opened_again_and_nowhere_else(
    shop: Workshop,
) -> None:
    shop.calls("go", ("write", "/a"))
    session = shop.shelf.new()
    await shop.allow(session, "go", "session")
    await shop.allow(session, "go")  # nobody is asked

    again = await reopened(shop, session)
    assert again.rules == session.rules == (Rule("allow", "write", "/a", "session"),)
    await shop.allow(again, "go")
    assert len(shop.done) == 3

    await shop.allow(shop.shelf.new(), "go", "once")
    other = Act("write", "write", "/ab")
    assert shop.permissions.verdict(session, other) == "ask"


async def test_a_fork_is_asked_anew_but_knows_that_files_were_read(shop: Workshop) -> None:
    shop.calls("go", ("look", "/a"))
    session = shop.shelf.new()
    await shop.allow(session, "go", "session")
    assert session.leaf_id is not None
    forked = await shop.controller.fork(session, session.leaf_id, with_subtree=False)
    assert forked.rules == ()
    assert (await reopened(shop, forked)).has_read_files


async def test_yes_always_holds_in_every_session_and_after_a_restart(shop: Workshop) -> None:
    shop.calls("go", ("write", "/a"))
    await shop.allow(shop.shelf.new(), "go", "always")
    await shop.allow(shop.shelf.new(), "go")

    restarted = Workshop(shop.database)
    restarted.calls("go", ("write", "/a"))
    session = restarted.shelf.new()
    await restarted.allow(session, "go")
    assert restarted.permissions.rules(session) == (Rule("allow", "write", "/a", "always"),)


@pytest.mark.parametrize("choice", ["session", "always"])
async def test_what_was_allowed_can_be_revoked_for_good(shop: Workshop, choice: Choice) -> None:
    shop.calls("go", ("write", "/a"))
    session = shop.shelf.new()
    await shop.allow(session, "go", choice)
    (rule,) = shop.permissions.rules(session)

    await shop.permissions.revoke(session, rule)

    assert shop.permissions.rules(session) == ()
    await shop.allow(session, "go", "once")
    assert (await reopened(shop, session)).rules == ()
    assert await PermissionStore(shop.database).always() == ()


async def test_revoking_before_rules_were_read_forgets_no_other(shop: Workshop) -> None:
    session = shop.shelf.new()
    mine, other = Rule("allow", "write", "/a", "session"), Rule("deny", "shell", "**", "always")
    await shop.permissions.add(session, mine)
    await shop.permissions.add(session, other)

    restarted = Workshop(shop.database)
    again = await reopened(restarted, session)
    await restarted.permissions.revoke(again, mine)
    await restarted.permissions.load()

    assert restarted.permissions.rules(again) == (other,)


async def test_revoking_one_leaves_the_other_of_the_same_words(shop: Workshop) -> None:
    session = shop.shelf.new()
    for_session, always = (Rule("allow", "write", "/a", each) for each in ("session", "always"))
    await shop.permissions.add(session, for_session)
    await shop.permissions.add(session, always)
    await shop.permissions.add(session, always)
    assert shop.permissions.rules(session) == (always, for_session)
    await shop.permissions.revoke(session, for_session)
    assert shop.permissions.rules(session) == (always,)
    assert await PermissionStore(shop.database).always() == (always,)


@pytest.mark.parametrize("subject", ["/tmp/*", "**", "a\\*b", "echo 'x)'\nrm *", "/tmp/\\"])
async def test_a_name_with_stars_in_it_allows_nothing_but_itself(
    shop: Workshop, subject: str
) -> None:
    session = shop.shelf.new()
    act = Act("shell", "run", subject)
    await shop.permissions.learn(session, act, Decision("session"))
    session = await reopened(shop, session)
    assert shop.permissions.verdict(session, act) == "allow"
    for other in ("/tmp/a", "rm", "a\\b", "a\\xb", "/tmp/", subject + "x"):
        assert shop.permissions.verdict(session, Act("shell", "run", other)) == "ask"
    assert session.rules == (Rule("allow", "shell", literal(subject), "session"),)


async def test_the_wider_pattern_of_an_act_is_what_is_learned(shop: Workshop) -> None:
    shop.wider = f"{literal('/a*')}/**"
    shop.calls("go", ("write", "/a*/b"))
    session = shop.shelf.new()
    await shop.allow(session, "go", "session")
    assert shop.permissions.verdict(session, Act("write", "write", "/a*/c/d")) == "allow"
    assert shop.permissions.verdict(session, Act("write", "write", "/ab/c")) == "ask"


@pytest.mark.parametrize("choice", ["session", "always"])
async def test_what_always_asks_teaches_nothing(shop: Workshop, choice: Choice) -> None:
    shop.acts["x"] = Act("write", "write", "/.git/config", wider="/**", always_asks=True)
    shop.calls("go", ("write", "x"))
    session = shop.shelf.new()
    await shop.allow(session, "go", choice)
    assert shop.permissions.rules(session) == ()
    assert shop.notices == ["Allowed once: what write did is asked for every time."]
    await shop.allow(session, "go", "once")


async def test_the_network_always_asks_once_files_were_read(shop: Workshop) -> None:
    shop.calls("fetch", ("fetch", "https://a.example/"))
    shop.calls("read", ("look", "/home/ann/secret"))
    session = shop.shelf.new()
    await shop.allow(session, "fetch", "always")
    await shop.allow(session, "fetch")
    assert not session.has_read_files

    await shop.allow(session, "read", "once")
    session = await reopened(shop, session)
    assert session.has_read_files
    turn = shop.controller.send(session, "fetch")
    (approval,) = await shop.asked()
    assert approval.act.always_asks
    assert approval.act.warnings == (MAY_LEAK,)
    assert shop.tooling.answer(approval.id, Decision("no"))
    await ended(turn)
    await shop.allow(shop.shelf.new(), "fetch")  # elsewhere nothing was read


async def test_files_a_person_attached_count_as_read(shop: Workshop) -> None:
    file = Attachment("text/plain", b"private", "notes.txt")
    shop.calls("fetch", ("fetch", "https://a.example/"))
    session = shop.shelf.new()
    await shop.permissions.add(session, Rule("allow", "fetch", "**", "session"))
    turn = shop.controller.send(session, "fetch", (file,))
    (approval,) = await shop.asked()
    assert approval.act.warnings == (MAY_LEAK,)
    assert shop.tooling.answer(approval.id, Decision("no"))
    await ended(turn)
    assert (await reopened(shop, session)).has_read_files

    other = shop.shelf.new()
    await shop.allow(other, "fetch", "once")
    assert not other.has_read_files
    await shop.controller.put_beside(other, other.path(other.leaf_id)[0].id, "fetch", (file,))
    assert other.has_read_files


async def test_without_a_person_what_was_attached_keeps_no_allowed_tool_back(
    tmp_path: Path,
) -> None:
    database = await Database.open(tmp_path / "conduit.db")
    shop = Workshop(database, Rule("allow", "fetch", whence="flag"), has_person=False)
    try:
        shop.calls("fetch", ("fetch", "https://a.example/"))
        session = shop.shelf.new()
        file = Attachment("text/plain", b"public", "notes.txt")
        await ended(shop.controller.send(session, "fetch", (file,)))
        assert shop.done == ["fetch https://a.example/"]
    finally:
        await shop.aclose()


@pytest.mark.parametrize(("name", "counts"), [("look", True), ("shell", True), ("write", False)])
async def test_only_what_was_done_counts_as_read(shop: Workshop, name: str, counts: bool) -> None:
    shop.calls("go", (name, "/a"))
    session = shop.shelf.new()
    await shop.allow(session, "go", "no")
    assert not session.has_read_files
    await shop.allow(session, "go", "once")
    assert session.has_read_files is counts
    assert (await reopened(shop, session)).has_read_files is counts


async def test_a_denied_tool_is_not_offered_and_not_run(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "conduit.db")
    rules = (Rule("deny", "shell"), Rule("allow", "shell"), Rule("deny", "write", "/etc/**"))
    shop = Workshop(database, *rules)
    try:
        session = shop.shelf.new()
        assert shop.tooling.offered(session) == ("look", "write", "fetch")
        shop.calls("go", ("shell", "ls"), ("write", "/etc/passwd"))
        await shop.allow(session, "go")
        told = [spec.name for spec in shop.provider.requests[0].tools]
        assert told == ["look", "write", "fetch"]
        assert outputs(session) == [
            "There is no tool named 'shell' here. Available tools: look, write, fetch.",
            "write may not do this: a rule denies it.",
        ]
        assert shop.done == []
    finally:
        await shop.aclose()


async def test_a_rule_that_denies_wins_over_every_answer(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "conduit.db")
    shop = Workshop(database, Rule("deny", "*", "/etc/**"), Rule("ask", "write", "/b"))
    try:
        session = shop.shelf.new()
        for path in ("/etc/a", "/b"):
            await shop.permissions.add(session, Rule("allow", "write", path, "always"))
        assert shop.permissions.verdict(session, Act("write", "write", "/etc/a")) == "deny"
        assert shop.permissions.verdict(session, Act("write", "write", "/b")) == "ask"
        assert shop.permissions.verdict(session, Act("look", "none", "/etc/a")) == "deny"
    finally:
        await shop.aclose()


async def test_without_a_person_ask_means_no_and_says_how_to_allow(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "conduit.db")
    allowed = Rule("allow", "write", "/b", "flag")
    shop = Workshop(database, allowed, has_person=False)
    try:
        session = shop.shelf.new()
        assert shop.tooling.offered(session) == ("look", "write")
        shop.calls("go", ("write", "/a"), ("write", "/b"), ("look", "/c"), ("shell", "ls"))
        events = await ended(shop.controller.send(session, "go"))
        assert questions(events) == []
        assert outputs(session) == [
            "write needs a person's approval, and nobody is there to ask. It was not done. "
            "(For the person: --allow write allows it.)",
            "write did /b",
            "look needs a person's approval, and nobody is there to ask. It was not done. "
            "(For the person: --allow look allows it.)",
            "There is no tool named 'shell' here. Available tools: look, write.",
        ]
    finally:
        await shop.aclose()


async def test_without_a_person_nothing_allows_what_always_asks(tmp_path: Path) -> None:
    database = await Database.open(tmp_path / "conduit.db")
    rules = (Rule("allow", "look", whence="flag"), Rule("allow", "fetch", whence="flag"))
    shop = Workshop(database, *rules, has_person=False)
    try:
        session = shop.shelf.new()
        shop.calls("go", ("look", "/c"))
        shop.calls("fetch", ("fetch", "https://a.example/?c"))
        await shop.allow(session, "go")
        await shop.allow(session, "fetch")
        assert outputs(session)[1] == (
            "fetch needs a person's approval, and nobody is there to ask. It was not done. "
            "Nothing allows it beforehand."
        )
        assert shop.done == ["look /c"]
    finally:
        await shop.aclose()


@pytest.mark.parametrize(
    ("rules", "offered"),
    [
        ((), ("look",)),
        ((Rule("allow", "*"),), ("look", "write", "shell", "fetch")),
        ((Rule("allow", "*"), Rule("ask", "shell")), ("look", "write", "fetch")),
        ((Rule("deny", "*"), Rule("allow", "write")), ()),
        ((Rule("deny", "look", "/etc/**"),), ("look",)),
        ((Rule("deny", "look", "***"),), ()),
    ],
)
async def test_without_a_person_only_what_may_run_is_offered(
    shop: Workshop, rules: tuple[Rule, ...], offered: tuple[str, ...]
) -> None:
    alone = Workshop(shop.database, *rules, has_person=False)
    assert alone.tooling.offered(alone.shelf.new()) == offered


async def test_tools_know_the_rules_for_what_they_look_at_along_the_way(shop: Workshop) -> None:
    seen: list[tuple[Rule, ...]] = []

    async def run(context: ToolContext, _: object) -> str:
        seen.append(context.surroundings.rules)
        return ""

    tools = Toolbox([Tool(ToolSpec("spy", "Looks around.", {}), run, "none")])
    around = Surroundings(Path("/nowhere"))
    tooling = Tooling(tools, shop.permissions, shop.ledger, tools.names, lambda _: around)
    session, other = shop.shelf.new(), shop.shelf.new()
    rule = Rule("deny", "grep_files", "/private/**", "session")
    await shop.permissions.add(session, rule)
    for each in (session, other):
        work = tooling.workbench(each)
        await work.run("m", 0, ToolCall("c", "spy", "{}"), tools.names, lambda _: None)
    assert seen == [(rule,), ()]


class BrokenStore(PermissionStore):
    """A store that keeps nothing."""

    async def always(self) -> tuple[Rule, ...]:
        raise StorageError("It cannot be read.")

    async def add(self, rule: Rule, session_id: str | None) -> None:
        raise StorageError("There is no room on the disk.")

    async def note_read(self, session_id: str) -> None:
        raise StorageError("There is no room on the disk.")


@pytest.mark.parametrize("choice", ["session", "always"])
async def test_a_store_that_fails_is_told_and_the_work_goes_on(
    shop: Workshop, choice: Choice
) -> None:
    store = BrokenStore(shop.database)
    broken = Permissions(shop.ledger, store)
    shop.tooling.permissions = broken
    shop.calls("go", ("look", "/a"))
    session = shop.shelf.new()

    await shop.allow(session, "go", choice)
    await shop.allow(session, "go")  # it holds in this run all the same

    assert outputs(session) == ["look did /a", "look did /a"]
    assert shop.notices == [
        "What is always allowed could not be read: It cannot be read.",
        "Not saved: There is no room on the disk.",
        "It could not be kept that files were read here: There is no room on the disk.",
    ]
