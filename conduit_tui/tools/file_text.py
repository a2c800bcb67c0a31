"""The bytes of a text file as text, and back without a change to what was not edited."""

import codecs
from dataclasses import dataclass

from conduit_tui.core.errors import ToolError
from conduit_tui.tools.file_kind import kind_of, wide_encoding

_WIDE_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # first: it begins like one of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True, slots=True)
class FileText:
    """A text, and how its file has it. Bytes that are no UTF-8 are lone surrogates in it."""

    text: str
    encoding: str = "utf-8"
    mark: bytes = b""

    @property
    def is_utf8(self) -> bool:
        """Whether the whole of it is valid."""
        return not any("\udc80" <= character <= "\udcff" for character in self.text)

    @property
    def has_crlf(self) -> bool:
        """Whether its lines end with CR LF, all of them."""
        breaks = self.text.count("\n")
        return breaks > 0 and self.text.count("\r\n") == breaks

    def encoded(self, text: str) -> bytes:
        """Another text as this file would have it. Raises ToolError for lone surrogates in it."""
        errors = "surrogateescape" if self.encoding == "utf-8" else "strict"
        try:
            return self.mark + text.encode(self.encoding, errors)
        except UnicodeEncodeError as error:
            raise ToolError("The text has characters that no file can hold.") from error


def file_text(data: bytes) -> FileText:
    """Read a whole file as text. Raises ToolError for one that is binary, in words."""
    if kind := kind_of(data):
        raise ToolError(f"It is {kind}, and no text.")
    if not wide_encoding(data):
        mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
        return FileText(data[len(mark) :].decode("utf-8", "surrogateescape"), mark=mark)
    mark, encoding = next(each for each in _WIDE_MARKS if data.startswith(each[0]))
    try:
        return FileText(data[len(mark) :].decode(encoding), encoding, mark)
    except UnicodeDecodeError as error:
        raise ToolError(f"It is text in {encoding.upper()} with mistakes in it.") from error


def encoded(text: str) -> bytes:
    """A new text as UTF-8. Raises ToolError for lone surrogates."""
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        raise ToolError("The text has characters that no file can hold.") from error
