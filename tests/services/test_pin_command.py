"""`start.py pin`: the way back in for an owner who forgot the PIN."""

from __future__ import annotations

import getpass
import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from data.records import StaffRole
from services.lock import hold_folder
from services.pin_command import main as command
from services.process import ProcessSettings
from services.shop import Shop
from services.staff import LockedError, WrongPinError, enrol, list_staff, new_person, sign_in
from services.wiring import open_shop

HERE = "192.168.0.7"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A shop with two owners and Amir that does not run."""
    shop = open_shop(ProcessSettings(folder=tmp_path))
    people = [("Sandra Kofler", StaffRole.OWNER, "271828"), ("Peter Kofler", StaffRole.OWNER, "161803")]
    with shop.store.write() as tx:
        for name, role, pin in [*people, ("Amir Haddad", StaffRole.STAFF, "4711")]:
            enrol(tx, new_person(name, role, pin), shop.now())
    shop.close()
    return tmp_path


@pytest.fixture
def opened(folder: Path) -> Iterator[Callable[[], Shop]]:
    shops: list[Shop] = []

    def open_it() -> Shop:
        shops.append(open_shop(ProcessSettings(folder=folder)))
        return shops[-1]

    yield open_it
    for shop in shops:
        shop.close()


def lets_in(shop: Shop, name: str, pin: str) -> str:
    person = next(person for person in list_staff(shop.store) if person.name == name)
    return sign_in(shop, person.id, pin, HERE)


def types(monkeypatch: pytest.MonkeyPatch, number: str, *pins: str) -> None:
    left = iter(pins)
    monkeypatch.setattr("sys.stdin", io.StringIO(number))
    monkeypatch.setattr(getpass, "getpass", lambda _: next(left, ""))


def test_the_chosen_owner_gets_the_new_pin_and_the_locks_are_lifted(
    folder: Path, opened: Callable[[], Shop], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = opened()
    for _ in range(5):
        with pytest.raises((WrongPinError, LockedError)):
            lets_in(shop, "Sandra Kofler", "9999")
    shop.close()
    types(monkeypatch, "1\n", "314159", "314159")

    assert command(["--data", str(folder)]) == 0

    out = capsys.readouterr().out
    assert "1  Sandra Kofler" in out
    assert "Amir" not in out
    assert "314159" not in out
    again = opened()
    assert lets_in(again, "Sandra Kofler", "314159")
    assert lets_in(again, "Peter Kofler", "161803")


def test_a_slip_and_a_weak_pin_are_asked_again(
    folder: Path, opened: Callable[[], Shop], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    types(monkeypatch, "7\n2\n", "314159", "314195", "123456", "123456", "314159", "314159")

    assert command(["--data", str(folder)]) == 0

    out = capsys.readouterr().out
    assert "nicht gleich" in out
    assert "errät jeder" in out
    assert lets_in(opened(), "Peter Kofler", "314159")


@pytest.mark.parametrize("number", ["", "7\n7\n7\n", "1\n"])
def test_who_gives_up_changes_nothing(
    folder: Path, opened: Callable[[], Shop], number: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    types(monkeypatch, number, "1", "2", "3", "4", "5", "6")

    assert command(["--data", str(folder)]) == 1

    assert "geändert wurde nichts" in capsys.readouterr().out
    assert lets_in(opened(), "Sandra Kofler", "271828")


def test_while_theke_runs_nothing_is_asked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with hold_folder(folder) as lock:
        lock.announce(8765)
        assert command(["--data", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "http://127.0.0.1:8765" in out
    assert "zuerst Theke beenden" in out


def test_a_folder_without_a_shop_and_a_shop_without_an_owner_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(["--data", str(tmp_path / "new")]) == 1
    assert "noch keine Daten" in capsys.readouterr().out
    assert not (tmp_path / "new").exists()
    open_shop(ProcessSettings(folder=tmp_path)).close()
    assert command(["--data", str(tmp_path)]) == 1
    assert "zuerst einrichten" in capsys.readouterr().out
