"""Files in the chat: `/attach`, drops, the clipboard, and models that cannot see them."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from textual import events

from conduit_tui.core.model_facts import ModelFacts
from conduit_tui.tui import bringing_files
from conduit_tui.tui.clipboard_image import Found, NoImage
from conduit_tui.tui.widgets.chips import ChipRow
from conduit_tui.tui.widgets.prompt_area import PromptArea
from tests.tui.stage import Chat, Stage


def png(size: tuple[int, int] = (80, 60)) -> bytes:
    into = BytesIO()
    Image.new("RGB", size).save(into, "PNG")
    return into.getvalue()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "my photo.png"
    path.write_bytes(png())
    return path


def chips(chat: Chat) -> str:
    return "\n".join(chip.label for chip in chat.screen.prompt.query_one(ChipRow).chips)


def names(chat: Chat) -> list[str]:
    return [part.name for part in chat.screen.prompt.attachments]


def paste(chat: Chat, text: str) -> None:
    chat.screen.query_one(PromptArea).post_message(events.Paste(text))


def blind(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the guide be known to see nothing."""
    lacking = frozenset({"vision", "files"})
    monkeypatch.setattr(
        chat.controller.models, "facts", lambda _, model: ModelFacts(model, lacks=lacking)
    )


async def test_attach_takes_paths_quoted_and_several(stage: Stage, photo: Path):
    paper = photo.with_name("paper.pdf")
    paper.write_bytes(b"%PDF-1.7\n\xff")
    async with stage.open() as chat:
        await chat.send(f"/attach '{photo}' {paper}")
        await chat.until(lambda: len(names(chat)) == 2)
        assert names(chat) == ["my photo.png", "paper.pdf"]
        assert "my photo.png · PNG 80×60 · " in chips(chat)
        assert "paper.pdf · PDF · 10 B" in chips(chat)
        await chat.ask("look")
        await chat.sees("▣ my photo.png · PNG 80×60", "▣ paper.pdf · PDF · 10 B")


async def test_a_command_runs_though_something_is_attached(stage: Stage, photo: Path):
    paper = photo.with_name("paper.pdf")
    paper.write_bytes(b"%PDF-1.7\n\xff")
    async with stage.open() as chat:
        await chat.send(f"/attach '{photo}'")
        await chat.until(lambda: names(chat) == ["my photo.png"])
        await chat.send(f"/attach {paper}")
        await chat.until(lambda: names(chat) == ["my photo.png", "paper.pdf"])
        await chat.send("/attahc more")
        await chat.is_told("'/attahc' is no command")
        assert chat.screen.prompt.text == "/attahc more"
        assert len(names(chat)) == 2
        assert len(chat.session) == 0, "nothing was sent"


async def test_attach_completes_paths_as_they_are_typed(
    stage: Stage, photo: Path, monkeypatch: pytest.MonkeyPatch
):
    (photo.parent / "pictures").mkdir()
    (photo.parent / "pictures" / "old.gif").write_bytes(b"GIF89a")
    monkeypatch.chdir(photo.parent)
    async with stage.open() as chat:
        await chat.write("/attach pict")
        await chat.sees("pictures/")
        await chat.press("tab")
        await chat.sees("pictures/old.gif")
        await chat.press("ctrl+c")
        await chat.write("/attach my")
        await chat.sees("'my photo.png'")
        await chat.press("enter")
        await chat.until(lambda: names(chat) == ["my photo.png"])


async def test_what_cannot_be_attached_is_told(stage: Stage, tmp_path: Path):
    async with stage.open() as chat:
        await chat.send(f"/attach {tmp_path}/gone.png")
        await chat.is_told("'gone.png' cannot be read")
        await chat.run("/attach")
        await chat.is_told("Write /attach and paths")


async def test_a_dropped_picture_becomes_a_chip_and_not_its_path(stage: Stage, photo: Path):
    async with stage.open() as chat:
        await chat.write("see ")
        paste(chat, str(photo).replace(" ", "\\ "))
        await chat.until(lambda: names(chat) == ["my photo.png"])
        await chat.until(lambda: chat.screen.prompt.text == "see ")


async def test_a_path_of_nothing_stays_the_words_it_is(stage: Stage, tmp_path: Path):
    async with stage.open() as chat:
        paste(chat, f"{tmp_path}/gone.png")
        await chat.until(lambda: chat.screen.prompt.text == f"{tmp_path}/gone.png")
        await chat.until(lambda: not any(w.group == "prompt-attach" for w in chat.app.workers))
        assert chat.screen.prompt.text == f"{tmp_path}/gone.png"
        assert names(chat) == []
        assert chat.notices() == []


def clipboard(monkeypatch: pytest.MonkeyPatch, *found: Found | NoImage) -> None:
    waiting = list(found)

    async def look(_environ: object) -> Found:
        now = waiting.pop(0)
        if isinstance(now, NoImage):
            raise now
        return now

    monkeypatch.setattr(bringing_files, "image_from_clipboard", look)


@pytest.mark.parametrize("how", ["key", "command", "empty paste"])
async def test_a_picture_of_the_clipboard_becomes_a_chip(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, how: str
):
    into = BytesIO()
    Image.new("RGB", (30, 20)).save(into, "BMP")
    clipboard(monkeypatch, Found(into.getvalue()))
    async with stage.open() as chat:
        match how:
            case "key":
                await chat.press("ctrl+v")
            case "command":
                await chat.run("/paste")
            case _:
                paste(chat, "")
        await chat.until(lambda: names(chat))
        assert names(chat)[0].startswith("pasted ")
        assert "PNG 30×20" in chips(chat)


async def test_without_a_picture_the_key_pastes_what_was_copied_here_or_says_why(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
):
    clipboard(monkeypatch, NoImage("Needs a tool."), NoImage("Needs a tool."))
    async with stage.open() as chat:
        await chat.press("ctrl+v")
        await chat.is_told("Needs a tool.")
        chat.app._clipboard = "copied words"
        await chat.press("ctrl+v")
        await chat.until(lambda: chat.screen.prompt.text == "copied words")


async def test_a_large_picture_is_scaled_and_that_is_told(stage: Stage, tmp_path: Path):
    (tmp_path / "wide.png").write_bytes(png((9_000, 3)))
    async with stage.open() as chat:
        await chat.send(f"/attach {tmp_path}/wide.png")
        await chat.is_told("'wide.png' was scaled from 9,000×3 pixels")
        await chat.until(lambda: "PNG 8000×3" in chips(chat))


async def test_who_cannot_see_is_told_before_it_is_sent(
    stage: Stage, photo: Path, monkeypatch: pytest.MonkeyPatch
):
    async with stage.open() as chat:
        blind(chat, monkeypatch)
        await chat.send(f"/attach '{photo}'")
        await chat.is_told(
            "'guide' takes no images; it gets the file's name only. Choose another with F3."
        )
        assert len(chat.session) == 0


async def test_a_model_that_is_blind_to_what_came_before_is_told_when_it_is_chosen(
    stage: Stage, photo: Path, monkeypatch: pytest.MonkeyPatch
):
    async with stage.open() as chat:
        await chat.send(f"/attach '{photo}'")
        await chat.until(lambda: names(chat))
        await chat.ask("look")
        assert chat.notices() == []
        blind(chat, monkeypatch)
        await chat.run("/model demo/other")
        await chat.is_told("'other' takes no images")


async def test_what_the_command_line_has_to_say_of_its_files_is_told(stage: Stage):
    from conduit_tui.core.start import Start

    start = replace(Start(prompt="hi"), notices=("'a.png' was scaled.",))
    async with stage.open(start) as chat:
        await chat.is_told("'a.png' was scaled.")
