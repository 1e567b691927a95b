"""Mails and attachments as files named by their content."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data import files
from data.files import FileVault


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    vault = FileVault(tmp_path)
    assert vault.keep(b"x") == vault.keep(b"x")
    assert len([f for f in tmp_path.rglob("*") if f.is_file()]) == 1


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "g" * 64, "0" * 63 + "/"])
def test_nothing_but_a_hash_is_a_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="sha256"):
        FileVault(tmp_path).read(name)


@settings(deadline=None)
@given(content=st.binary(max_size=2000))
def test_what_is_kept_comes_back(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    vault = FileVault(tmp_path_factory.mktemp("vault"))
    assert vault.read(vault.keep(content)) == content


def test_the_folder_of_a_first_file_is_made_durable_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault, synced = FileVault(tmp_path), []
    monkeypatch.setattr(files, "fsync_folder", synced.append)
    sha256 = vault.keep(b"x")
    assert sorted(synced) == [tmp_path, tmp_path / sha256[:2]]


def test_many_contents_are_kept_when_their_block_ends(tmp_path: Path) -> None:
    vault = FileVault(tmp_path)
    known = vault.keep(b"known")
    contents = [b"a", b"b", b"a", b"known"]
    with vault.together() as keep:
        kept = [keep(content) for content in contents]
    assert [vault.read(sha256) for sha256 in kept] == contents
    assert kept[3] == known
    assert len([f for f in tmp_path.rglob("*") if f.is_file()]) == 3


def test_every_file_is_synced_before_it_has_its_name_and_its_folder_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault = FileVault(tmp_path)
    named_while_synced: list[int] = []
    unsynced_names: list[int] = []

    def named() -> int:
        return len([f for f in tmp_path.rglob("*") if f.is_file() and f.suffix != ".part"])

    monkeypatch.setattr(files, "_fsync_file", lambda _: named_while_synced.append(named()))
    monkeypatch.setattr(files, "fsync_folder", lambda _: unsynced_names.append(3 - named()))
    with vault.together() as keep:
        folders = {keep(content)[:2] for content in (b"a", b"b", b"c")}
    assert named_while_synced == [0, 0, 0]
    assert unsynced_names == [0] * (1 + len(folders))


def test_a_block_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    vault = FileVault(tmp_path)
    with pytest.raises(RuntimeError, match="line broke"), vault.together() as keep:
        keep(b"x")
        raise RuntimeError("line broke")
    assert [f for f in tmp_path.rglob("*") if f.is_file()] == []


def test_what_was_kept_just_now_is_not_deleted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    vault, now = FileVault(tmp_path), [0.0]
    monkeypatch.setattr(files.time, "monotonic", lambda: now[0])
    first = vault.keep(b"first")
    now[0] = 400.0
    second = vault.keep(b"second")
    now[0] = 601.0
    assert vault.contents() == {first, second}
    assert (vault.delete(first), vault.delete(second)) == (True, False)
    assert vault.contents() == {second}


def test_twenty_thousand_contents_in_a_row_are_noted_quickly(tmp_path: Path) -> None:
    vault, started = FileVault(tmp_path), time.process_time()
    for number in range(20_000):
        vault.note_kept(f"{number:064}")
    assert time.process_time() - started < 1


def test_what_a_stop_left_half_written_goes(tmp_path: Path) -> None:
    vault = FileVault(tmp_path)
    sha256 = vault.keep(b"x")
    old, new = (vault.path(sha256).with_name(f"{sha256}.{each}.part") for each in ("old", "new"))
    for path in (old, new):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    vault.clear_partials()
    assert set(vault.path(sha256).parent.iterdir()) == {vault.path(sha256), new}
