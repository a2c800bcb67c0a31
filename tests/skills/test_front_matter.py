import pytest

from conduit_tui.core.errors import SkillError
from conduit_tui.skills.front_matter import FrontMatter, read_front_matter

BOM = b"\xef\xbb\xbf"


def read(content: str | bytes, *, is_lenient: bool = True) -> FrontMatter:
    raw = content.encode() if isinstance(content, str) else content
    return read_front_matter(raw, is_lenient=is_lenient)


def test_what_is_between_the_fences_is_read_and_what_is_below_is_the_body():
    front = read("---\nname: x\ndescription: y\n---\n\n# Title\n\n---\nmore\n")
    assert front.fields == {"name": "x", "description": "y"}
    assert front.body == "# Title\n\n---\nmore"
    assert front.mistakes == ()


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
def test_line_ends_of_every_system_are_read(ending: str):
    front = read(ending.join(["---", "name: x", "metadata:", "  a: b", "---", "one", "two"]))
    assert front.fields == {"name": "x", "metadata": {"a": "b"}}
    assert front.body == "one\ntwo"


def test_a_byte_order_mark_is_told_and_does_not_hinder():
    front = read(BOM + b"---\nname: x\n---\n")
    assert front.fields == {"name": "x"}
    assert front.mistakes == ("it begins with a byte order mark.",)


def test_hyphens_inside_a_value_do_not_close_the_front_matter():
    assert read("---\nname: x\ndescription: a --- b\n---\n").fields["description"] == "a --- b"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"# No front matter", "does not begin with front matter"),
        (b"", "does not begin with front matter"),
        (b"---\nname: x\n", "is not closed"),
        (b"---", "is not closed"),
        (b"---\n- a\n- b\n---\n", "no list of keys with values"),
        (b"---\nwords\n---\n", "no list of keys with values"),
        (b"---\n---\n", "no list of keys with values"),
        (b"---\nname: [open\n---\n", "line "),
        (b"---\nname: \xff\n---\n", "line 2: this is not UTF-8 text."),
        (b"---\nname: x\n---\n\0\0", "it is binary"),
        (b"---\nname: x\n" + b"# long\n" * 10_000 + b"---\n", "longer than 64 KB"),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, words: str):
    with pytest.raises(SkillError, match=words):
        read(content)


def test_a_long_body_is_no_long_front_matter():
    assert len(read("---\nname: x\n---\n" + "word " * 20_000).body) == 99_999


def test_lines_are_counted_from_the_top_of_the_file():
    with pytest.raises(SkillError, match="line 3: "):
        read("---\nname: x\nb: *a\n---\n")


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("Use this when: the user asks", "Use this when: the user asks"),
        ("It's for this: that", "It's for this: that"),
        ("one: two\n  three: four", "one: two three: four"),
        ("see http://x.org: it", "see http://x.org: it"),
    ],
)
def test_a_colon_in_a_value_is_read_as_it_was_meant_and_told(value: str, meant: str):
    front = read(f"---\nname: x\ndescription: {value}\nmetadata:\n  a: b\n---\n")
    assert front.fields == {"name": "x", "description": meant, "metadata": {"a": "b"}}
    assert front.mistakes == ("line 3: a colon in a value; put the value in quotes.",)


def test_strictly_a_colon_in_a_value_is_a_mistake():
    with pytest.raises(SkillError, match="put the value in quotes"):
        read("---\ndescription: a: b\n---\n", is_lenient=False)


def test_escape_sequences_are_kept_raw():
    front = read('---\ndescription: "\\x1b[31mred \\u202e"\n---\n\x1b]0;title\x07')
    assert front.fields == {"description": "\x1b[31mred \u202e"}
    assert front.body == "\x1b]0;title\x07"
