from io import BytesIO

from PIL import Image
from rich.cells import cell_len

from conduit_tui.core.message import Attachment
from conduit_tui.tui.widgets.chips import Chip, attachment_label, lay_out, queued_label


def test_labels_name_lines_and_size_for_text_and_size_for_images():
    text = Attachment("text/plain", b"line\n" * 120, "pasted text")
    assert attachment_label(text) == "pasted text · 120 lines · 600 B"
    assert attachment_label(Attachment("text/plain", b"one", "a")) == "a · 1 line · 3 B"
    assert attachment_label(Attachment("image/png", bytes(5000), "cat.png")) == (
        "cat.png · PNG · 4.9 KB"
    )


def test_an_image_tells_its_pixels_and_a_document_its_kind():
    into = BytesIO()
    Image.new("RGB", (80, 60)).save(into, "PNG")
    label = attachment_label(Attachment("image/png", into.getvalue(), "cat.png"))
    assert label.startswith("cat.png · PNG 80×60 · ")
    assert (
        attachment_label(Attachment("application/pdf", b"%PDF-1", "a.pdf")) == "a.pdf · PDF · 6 B"
    )


def test_hostile_names_are_harmless_and_short():
    label = attachment_label(Attachment("image/png", b"", "\x1b]0;\n" + "x" * 9999))
    assert "\x1b" not in label
    assert "\n" not in label
    assert len(label) < 40
    assert queued_label("\n first\n words [bold") == "queued: first words [bold"


def test_chips_break_lines_and_never_stick_out():
    chips = [Chip("attachment", at, "name of a file " * (at + 1)) for at in range(5)]
    for width in (10, 20, 50, 200):
        spots = lay_out(chips, width)
        assert [spot.chip for spot in spots] == chips
        assert all(spot.end <= width for spot in spots)
        assert all(cell_len(spot.text) == spot.end - spot.start for spot in spots)
        assert all(spot.text.endswith(" × ") for spot in spots)
