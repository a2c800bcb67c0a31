"""Files and words from the command line."""

import os
from pathlib import Path

import pytest
from PIL import Image

from conduit_tui.commands.question import MOST_BYTES, UsageMistake, join_prompt, read_files
from conduit_tui.core.image_size import image_size


def test_words_become_one_prompt_and_undecodable_bytes_become_visible() -> None:
    assert join_prompt(("review", "this\udcff")) == "review this\ufffd"


def test_files_become_attachments_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("# Notes")
    (tmp_path / "dot.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    found = read_files((str(tmp_path / "notes.md"), str(tmp_path / "dot.png")))
    assert [(each.name, each.media_type) for each in found] == [
        ("notes.md", "text/plain"),
        ("dot.png", "image/png"),
    ]


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageMistake, match="There is no file"):
        read_files((str(tmp_path / "none"),))


def test_a_directory_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageMistake, match="is a directory"):
        read_files((str(tmp_path),))


def test_a_fifo_is_told_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    with pytest.raises(UsageMistake, match="not a regular file"):
        read_files((str(tmp_path / "fifo"),))


def test_a_huge_file_is_told_and_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    with pytest.raises(UsageMistake, match="more than 20 MB is not read"):
        read_files((str(tmp_path / "huge"),))


def test_a_binary_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "program").write_bytes(b"\x7fELF\x00\xff")
    with pytest.raises(UsageMistake, match="neither text"):
        read_files((str(tmp_path / "program"),))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "closed").touch(mode=0)
    with pytest.raises(UsageMistake, match="Permission denied"):
        read_files((str(tmp_path / "closed"),))


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_a_name_that_cannot_be_one_is_told(name: str) -> None:
    with pytest.raises(UsageMistake, match="cannot be read"):
        read_files((name,))


def test_a_picture_too_large_for_some_vendors_is_made_smaller_and_that_is_told(
    tmp_path: Path,
) -> None:
    Image.new("RGB", (9_000, 10)).save(tmp_path / "wide.png")
    told: list[str] = []
    (part,) = read_files((str(tmp_path / "wide.png"),), told.append)
    assert image_size(part.data) == (8_000, 9)
    assert told[0].startswith("'wide.png' was scaled from 9,000×10 pixels")


def test_a_pdf_is_one_and_text_in_a_pipe_stays_text(tmp_path: Path) -> None:
    (tmp_path / "paper").write_bytes(b"%PDF-1.7\n\xff\x00")
    (part,) = read_files((str(tmp_path / "paper"),))
    assert part.media_type == "application/pdf"
