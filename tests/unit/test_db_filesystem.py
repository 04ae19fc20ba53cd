"""The mount table: which file system holds a folder, and which are refused."""

from pathlib import Path

import pytest

from db.sqlite import filesystem
from db.sqlite.filesystem import UNFIT, kind_of

TABLE = r"""
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:40 / /data rw - xfs /dev/vdb rw
31 30 0:41 / /data/host rw,relatime master:3 propagate_from:2 - fuse.grpcfuse grpcfuse rw
32 22 0:42 / /my\040disk rw - nfs4 server:/x rw
33 22 0:43 / /twice rw - ext4 /dev/vdc rw
34 22 0:44 / /twice rw - overlay overlay rw
broken line
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/home/me", "ext4"),
        ("/data", "xfs"),
        ("/data/fleet/demo", "xfs"),
        ("/database", "ext4"),
        ("/data/host/fleet", "fuse.grpcfuse"),
        ("/my disk/fleet", "nfs4"),
        ("/twice", "overlay"),
    ],
)
def test_the_longest_mount_point_wins(folder, kind):
    """Of mount points above a folder the longest holds it, of equal ones the last."""
    assert kind_of(Path(folder), TABLE) == kind


def test_an_empty_table_says_nothing():
    """Where nothing is known nothing is claimed."""
    assert kind_of(Path("/data"), "") is None


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "fuse.sshfs", "overlay"])
def test_shared_and_layered_file_systems_are_unfit(kind):
    """SQLite's locks and shared memory do not hold there."""
    assert UNFIT.fullmatch(kind)


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "apfs", "f2fs", "fuseblk"])
def test_local_file_systems_are_fit(kind):
    """A local disk, and memory, hold a database."""
    assert not UNFIT.fullmatch(kind)


def test_the_refusal_says_why_and_what_permits_it(tmp_path, monkeypatch):
    """The message names the folder, the type, the cure and the flag."""
    table = tmp_path / "mountinfo"
    table.write_text("22 1 254:0 / / rw - overlay overlay rw\n")
    monkeypatch.setattr(filesystem, "MOUNTS", table)
    with pytest.raises(filesystem.Forbidden, match=r"type overlay.*named volume.*any_filesystem: true"):
        filesystem.refuse_unfit(tmp_path)
    filesystem.refuse_unfit(tmp_path, any_filesystem=True)


def test_a_file_that_is_mounted_without_its_folder_is_refused(tmp_path, monkeypatch):
    """Its -wal and locks would be seen by nobody else; no flag permits it."""
    table, path = tmp_path / "mountinfo", tmp_path / "trading.db"
    path.touch()
    table.write_text(f"22 1 254:0 / / rw - ext4 /dev/vda rw\n23 22 254:0 /x {path} rw - ext4 /dev/vda rw\n")
    filesystem.refuse_apart(path)
    monkeypatch.setattr(filesystem, "MOUNTS", table)
    with pytest.raises(filesystem.Forbidden, match=r"mounted without its folder.*Mount the folder"):
        filesystem.refuse_apart(path)


def test_what_belongs_to_a_database_stands_beside_the_file(tmp_path):
    """However many links lead to it."""
    (tmp_path / "disk").mkdir()
    file, first, second = tmp_path / "disk" / "trading.db", tmp_path / "first.db", tmp_path / "second.db"
    file.touch()
    first.symlink_to("disk/trading.db")
    second.symlink_to(first)
    assert {filesystem.beside(each, ".halt") for each in (file, first, second)} == {file.with_name("trading.db.halt")}
