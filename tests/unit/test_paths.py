"""What may be the path of a file: no address, nothing that no file system takes, a name with room for endings."""

import pytest

from domain.paths import BESIDE, LONGEST, file_named, local

BESIDES = "trading.db.replaced-20250101T000000Z-journal"  # the longest name that stands beside a database


@pytest.mark.parametrize("text", ["trading.db", "data/trading.db", "/in/BTC:USDT 1h?.csv", "a@b/x.db", "C=1/user.db"])
def test_a_path_is_kept_as_it_is(text):
    """With the signs that addresses have too."""
    assert str(local(text)) == str(file_named(text)) == text


@pytest.mark.parametrize(
    "text",
    ["postgresql://host/db", "sqlite:x.db", "file:x.db", " redis:/x", "me:word@host", "x.db?key=1", "host=db user=me"],
)
def test_an_address_is_refused_and_not_repeated(text):
    """It may hold a password."""
    for read in (local, file_named):
        with pytest.raises(ValueError, match="must be a path on a local disk") as caught:
            read(text)
        assert text.strip() not in str(caught.value)


@pytest.mark.parametrize(
    ("part", "fits"), [("n" * 255, True), ("n" * 256, False), ("ä" * 127, True), ("ä" * 128, False)]
)
def test_every_part_of_a_path_has_255_bytes_at_most(part, fits):
    """Counted in UTF-8; the path may be longer."""
    for text in (part, f"data/{part}", f"{part}/x.db", f"{'d' * 200}/{part}"):
        if fits:
            assert str(local(text)) == text
        else:
            with pytest.raises(ValueError, match="no part of it longer than 255 bytes"):
                local(text)


@pytest.mark.parametrize("text", ["a\0b", "\0", "data/\ud800.db"])
def test_what_no_file_system_takes_is_refused(text):
    """A NUL ends a name, and half a character is none."""
    with pytest.raises(ValueError, match="without control characters"):
        local(text)


@pytest.mark.parametrize("text", ["", ".", "/", "..", "data/.."])
def test_a_folder_is_no_name_of_a_file(text):
    """Endings cannot be added to it."""
    assert local(text) is not None
    with pytest.raises(ValueError, match="must name a file, in at most 200 bytes"):
        file_named(text)


def test_a_database_leaves_room_for_what_stands_beside_it():
    """200 bytes are allowed; with the longest ending they still are a name."""
    assert file_named("d/" + "n" * 200).name == "n" * 200
    with pytest.raises(ValueError, match="must name a file"):
        file_named("n" * 201)
    assert len(BESIDES) - len("trading.db") <= BESIDE == LONGEST - 200


@pytest.mark.parametrize("value", [None, 7, ["trading.db"]])
def test_what_is_no_text_is_no_path(value):
    """Of a file that says something else there."""
    with pytest.raises(ValueError, match="must be a text"):
        file_named(value)
