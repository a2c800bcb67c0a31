"""From bytes and a content type to text: which types are text, and how one is spelled."""

import codecs
import re

from conduit_tui.core.errors import ToolError

_TEXT_TYPES = frozenset(
    f"application/{name}"
    for name in (
        *("json", "xml", "xhtml+xml", "javascript", "ecmascript", "x-javascript", "yaml"),
        *("x-yaml", "toml", "x-ndjson", "ndjson", "jsonl", "x-sh", "sql", "graphql"),
        *("x-tex", "x-latex", "x-httpd-php", "typescript", "csv", "markdown", "x-markdown"),
    )
)
_NO_TEXT = frozenset(("text/event-stream",))
# Possessive: a server may put 90 KB of blanks there, and nothing else runs while `re` tries them.
_CHARSET = re.compile(r"charset\s*+=\s*+[\"']?+\s*+([A-Za-z0-9_:.-]{1,40})", re.I)
_BEGINS_A_PAGE = re.compile(
    rb"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_SNIFFED_BYTES = 1_024
_BYTES_AT_ONCE = 32_768
"""2 MB of bytes that a codec does not have take it 0.6 s, and nothing else runs meanwhile."""

# Labels of https://encoding.spec.whatwg.org that are in use, by Python's names. A table and not
# `codecs.lookup`: codecs of Python's own, such as punycode, can take hours over a page.
_CODECS = {
    "utf-8": ("utf8", "utf-8", "unicode-1-1-utf-8"),
    "cp1252": (
        "iso-8859-1",
        "iso8859-1",
        "latin1",
        "latin-1",
        "l1",
        "ascii",
        "us-ascii",
        "cp1252",
        "windows-1252",
        "x-cp1252",
    ),
    "utf-16-le": ("utf-16", "utf-16le", "unicode", "ucs-2", "iso-10646-ucs-2"),
    "utf-16-be": ("utf-16be",),
    "gb18030": ("gb2312", "gbk", "gb18030", "x-gbk", "chinese"),
    "big5hkscs": ("big5", "big5-hkscs"),
    "euc_jp": ("euc-jp", "x-euc-jp"),
    "cp932": ("shift_jis", "shift-jis", "sjis", "x-sjis", "windows-31j", "ms932"),
    "iso2022_jp": ("iso-2022-jp",),
    "cp949": ("euc-kr", "ks_c_5601-1987", "korean", "windows-949"),
    "koi8_r": ("koi8-r", "koi8"),
    "koi8_u": ("koi8-u",),
    "cp866": ("ibm866", "cp866"),
    "cp874": ("windows-874", "tis-620", "iso-8859-11"),
    "mac_roman": ("macintosh", "x-mac-roman"),
    "cp1254": ("iso-8859-9", "latin5", "windows-1254"),
    **{
        f"iso8859_{n}": (f"iso-8859-{n}", f"iso8859-{n}")
        for n in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)
    },
    **{f"cp125{n}": (f"windows-125{n}", f"cp125{n}") for n in (0, 1, 3, 5, 6, 7, 8)},
}
_BY_LABEL = {label: codec for codec, labels in _CODECS.items() for label in labels}
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def media_type(content_type: str) -> str:
    """The type alone, such as `text/html`; nothing where none is told."""
    return content_type.partition(";")[0].strip().lower()


def is_text_type(kind: str) -> bool:
    """Whether things of a media type are text. Without a type the bytes must tell."""
    if not kind:
        return True
    is_text = kind.startswith("text/") or kind.endswith(("+json", "+xml", "+yaml"))
    return (is_text or kind in _TEXT_TYPES) and kind not in _NO_TEXT


def is_html(kind: str, body: bytes) -> bool:
    """Whether it is a page; without a type, by how it begins."""
    if kind:
        return kind in ("text/html", "application/xhtml+xml")
    return _BEGINS_A_PAGE.match(body[:4_096]) is not None


def decoded(body: bytes, content_type: str, *, page: bool = False) -> str:
    """Spell bytes out: by their mark, the type's charset, a page's own word, UTF-8, or Windows.

    What cannot be read becomes U+FFFD. For a thread. Raises ToolError for what is no text.
    """
    mark = next((each for each in _MARKS if body.startswith(each[0])), None)
    if mark is not None:
        return _spelled(body[len(mark[0]) :], mark[1])
    codec = _named(content_type)
    if codec is None and page:
        codec = _named(body[:_SNIFFED_BYTES].decode("ascii", "replace"))
        if codec is not None and codec.startswith("utf-16"):
            codec = "utf-8"  # the word was read as ASCII, so it cannot be true
    if (codec or "").startswith("utf-16") and body.isascii() and b"\0" not in body:
        codec = "utf-8"  # a lie: of two bytes for each letter some would be none of ASCII
    if b"\0" in body and not (codec or "").startswith("utf-16"):
        raise ToolError("The answer is binary, not text.")
    if codec is not None:
        return _spelled(body, codec)
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        is_cut_letter = error.end >= len(body) - 3 and error.reason == "unexpected end of data"
        return _spelled(body, "utf-8" if is_cut_letter else "cp1252")


def _spelled(body: bytes, codec: str) -> str:
    """Decode piece by piece, so that other threads have their turns."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    starts = range(0, len(body), _BYTES_AT_ONCE)
    pieces = [decoder.decode(body[at : at + _BYTES_AT_ONCE]) for at in starts]
    return "".join([*pieces, decoder.decode(b"", final=True)])


def _named(words: str) -> str | None:
    match = _CHARSET.search(words)
    return _BY_LABEL.get(match[1].lower()) if match else None
