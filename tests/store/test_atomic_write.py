"""Atomic replacement of one text file, and the error of a full disk."""

import errno
from pathlib import Path

import pytest

from error_map.errors import InputError
from error_map.store import telling_no_room, write_whole


def test_a_text_replaces_a_file_whole_and_leaves_no_other(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    path.write_text("old and longer")
    (tmp_path / "report.md.part").write_text("of a killed process")

    write_whole(path, "é\n\ud800")

    assert path.read_bytes() == "é\n\\ud800".encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_with_the_name_of_the_part_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")
    (tmp_path / "report.md.part").symlink_to(victim)

    write_whole(tmp_path / "report.md", "text")

    assert victim.read_text() == "untouched"
    assert (tmp_path / "report.md").read_text() == "text"


def test_a_folder_and_a_missing_folder_are_refused_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="it is a folder") as folder:
        write_whole(tmp_path, "text")
    with pytest.raises(InputError, match="no such folder") as missing:
        write_whole(tmp_path / "missing" / "report.md", "text")

    assert (folder.value.where, folder.value.hint) == (str(tmp_path), "name a file in it")
    assert missing.value.where == str(tmp_path / "missing")


def test_a_file_that_cannot_be_written_is_an_error_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "report.md"
    (tmp_path / "report.md.part").mkdir()

    with pytest.raises(InputError, match="cannot write: Is a directory") as refused:
        write_whole(path, "text")

    assert (refused.value.where, refused.value.hint) == (str(path), "choose another place")
    assert not path.exists()


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "no space"),
        OSError(errno.EDQUOT, "quota"),
        OSError(errno.EFBIG, "too big"),
        OSError(f"polars: no space left on device (os error {errno.ENOSPC})"),
    ],
)
def test_a_full_disk_is_reported_with_folder_and_hint(tmp_path: Path, error: OSError) -> None:
    with (
        pytest.raises(InputError, match="cannot write: ") as refused,
        telling_no_room(tmp_path, hint="make room"),
    ):
        raise error

    assert (refused.value.where, refused.value.hint) == (str(tmp_path), "make room")


@pytest.mark.parametrize(
    "error", [OSError(errno.EACCES, "denied"), OSError("no number"), OSError("(os error 13)")]
)
def test_other_errors_pass_unchanged(tmp_path: Path, error: OSError) -> None:
    with pytest.raises(OSError) as refused, telling_no_room(tmp_path, hint="make room"):  # noqa: PT011 - identity is compared
        raise error

    assert refused.value is error
