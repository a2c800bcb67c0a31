import os

import pytest

from conduit_tui.tui.widgets.files import CannotAttach, list_files, read_attachment

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)


def test_files_are_listed_nearest_first_without_hidden_ones_and_build_output(tmp_path):
    for path in ("b.txt", "a.txt", "sub/c.txt", ".git/config", "sub/.env", "node_modules/x.js"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path)
    assert list_files(tmp_path) == ("a.txt", "b.txt", "sub/c.txt")
    assert list_files(tmp_path, most=1) == ("a.txt",)
    assert list_files(tmp_path / "gone") == ()


def test_text_and_images_are_told_by_their_content(tmp_path):
    kinds = {}
    for name, data in {
        "notes.md": "naïve".encode(),
        "code.unknownext": b"x = 1",
        "wrong.txt": PNG,
        "photo.bin": b"\xff\xd8\xff\xe0",
        "anim": b"GIF89a",
        "w": b"RIFF\0\0\0\0WEBPVP8 ",
        "empty.txt": b"",
    }.items():
        (tmp_path / name).write_bytes(data)
        kinds[name] = read_attachment(tmp_path / name).media_type
    assert kinds == {
        "notes.md": "text/markdown",
        "code.unknownext": "text/plain",
        "wrong.txt": "image/png",
        "photo.bin": "image/jpeg",
        "anim": "image/gif",
        "w": "image/webp",
        "empty.txt": "text/plain",
    }


def test_what_cannot_be_attached_is_refused_in_words_without_escapes(tmp_path):
    binary, latin, pipe = tmp_path / "a\x1b.bin", tmp_path / "latin.txt", tmp_path / "pipe"
    binary.write_bytes(b"ab\0c")
    latin.write_bytes(b"caf\xe9")
    os.mkfifo(pipe)
    for path, words in [
        (binary, "'a␛.bin' is neither UTF-8 text nor"),
        (latin, "'latin.txt' is neither UTF-8 text nor"),
        (pipe, "'pipe' is not a regular file"),
        (tmp_path, "is not a regular file|cannot be read"),
        (tmp_path / "gone", "'gone' cannot be read: No such file or directory"),
    ]:
        with pytest.raises(CannotAttach, match=words):
            read_attachment(path)


def test_a_file_over_the_limit_is_refused_with_both_sizes(tmp_path):
    (tmp_path / "big.txt").write_bytes(b"x" * 2048)
    with pytest.raises(CannotAttach, match=r"'big.txt' has 2.0 KB; the most .* is 1.0 KB"):
        read_attachment(tmp_path / "big.txt", largest_bytes=1024)
