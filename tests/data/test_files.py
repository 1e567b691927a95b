"""Mails and attachments as files named by their content."""

from __future__ import annotations

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
    assert synced == [tmp_path, tmp_path / sha256[:2]]
