"""The one command: really run in a copy of the house with nothing to install and a server of three lines."""

from __future__ import annotations

import ast
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import platformdirs
import pytest

import start
from data.store import Store
from services.demo import build_demo
from services.lock import hold_folder
from services.process import DemoHistory, ProcessSettings
from services.setup import mark_set_up
from services.wiring import open_shop

ROOT = Path(__file__).resolve().parents[1]
STUB_SERVER = """
import json, os
told = {name: value for name, value in os.environ.items() if name.startswith("THEKE_")}
print(json.dumps(told | {"pid": os.getpid(), "cwd": os.getcwd()}))
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """start.py with the real services beside it, no packages to install, and a stub for the server."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "start.py", folder)
    for package in ("data", "services"):
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "app.py").write_text(STUB_SERVER)
    (folder / "requirements.txt").write_text("# nothing\n")
    (folder / "requirements-dev.txt").write_text("-r requirements.txt\n")
    return folder


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(house: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(house / "start.py"), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=house.parent)


@pytest.fixture(scope="module")
def first_start(house: Path) -> subprocess.CompletedProcess[str]:
    return run(house, "--data", house / "daten", "--port", 18_765, "--no-browser")


def told_server(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_the_first_start_installs_and_starts_the_server(house: Path, first_start: Any) -> None:
    told = told_server(first_start)

    assert first_start.returncode == 0
    assert "wird eingerichtet" in first_start.stdout
    assert told["THEKE_DATA"] == str(house / "daten")
    assert (told["THEKE_PORT"], told["THEKE_ADDRESS"], told["THEKE_DEMO"]) == ("18765", "0.0.0.0", "0")
    assert told["THEKE_OPEN_BROWSER"] == "0"
    assert told["cwd"] == str(house)


def test_customers_get_a_port_of_their_own_on_demand(house: Path, first_start: Any, port: int) -> None:
    assert told_server(first_start)["THEKE_PUBLIC_PORT"] == "0"
    done = run(house, "--data", house / "daten", "--port", port, "--public-port", 8502, "--no-browser")
    assert told_server(done)["THEKE_PUBLIC_PORT"] == "8502"


def test_a_second_start_installs_nothing(house: Path, first_start: Any, port: int) -> None:
    before = (house / ".venv" / "requirements.installed").stat().st_mtime_ns

    second = run(house, "--data", house / "daten", "--port", port, "--no-browser")

    assert told_server(second)["THEKE_PORT"] == str(port)
    assert "eingerichtet" not in second.stdout
    assert (house / ".venv" / "requirements.installed").stat().st_mtime_ns == before


def test_every_start_has_its_own_code_for_the_set_up(house: Path, first_start: Any, port: int) -> None:
    second = run(house, "--data", house / "daten", "--port", port, "--no-browser")

    codes = {told_server(done)["THEKE_SETUP_CODE"] for done in (first_start, second)}
    assert len(codes) == 2
    assert all(len(code) == 8 and set(code) <= set(start.CODE_LETTERS) for code in codes)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no exec")
def test_the_server_has_the_pid_of_the_command(house: Path, first_start: Any, port: int) -> None:
    command = [sys.executable, house / "start.py", "--data", house / "daten", "--port", str(port), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        out, _ = process.communicate()

    assert json.loads(out.splitlines()[-1])["pid"] == process.pid


def test_the_demo_has_a_folder_of_its_own(house: Path, first_start: Any, port: int, tmp_path: Path) -> None:
    command = [sys.executable, house / "start.py", "demo", "--port", str(port), "--no-browser"]
    environment = os.environ | {"HOME": str(tmp_path), "THEKE_DATA": str(tmp_path / "shop")}
    environment.pop("XDG_DATA_HOME", None)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert told_server(done)["THEKE_DEMO"] == "1"
    assert Path(told_server(done)["THEKE_DATA"]).name == "theke-demo"
    assert not (tmp_path / "shop").exists()


def test_the_demo_is_told_of_the_past_that_is_asked_for() -> None:
    asked = start.read_options(["demo", "--inquiries", "1000", "--years", "0.5", "--seed", "7"])

    told = start.server_environment(asked, Path("daten"))
    usual = start.server_environment(start.read_options(["demo"]), Path("daten"))

    history = {"THEKE_DEMO_INQUIRIES": "1000", "THEKE_DEMO_YEARS": "0.5", "THEKE_DEMO_SEED": "7"}
    assert {name: told[name] for name in history} == history
    assert not history.keys() & usual.keys() - os.environ.keys()
    assert ProcessSettings.from_environment(told).history == DemoHistory(1000, 0.5, 7, asked=True)
    assert ProcessSettings.from_environment(usual).history == DemoHistory(3000, 2.0, 1, asked=False)
    assert ProcessSettings.from_environment({"THEKE_DEMO_INQUIRIES": "0"}).history.inquiries == 0


def test_a_demo_with_another_past_than_asked_for_names_the_way_out(tmp_path: Path) -> None:
    shop = open_shop(ProcessSettings(folder=tmp_path, demo=True))
    build_demo(shop)
    shop.close()

    done = run_app(tmp_path, THEKE_DEMO="1", THEKE_DEMO_INQUIRIES="100")

    assert done.returncode != 0
    assert done.stderr.count("--data") == 2
    assert "Werkstatt zum Ausprobieren" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_theke_that_runs_already_is_named(house: Path, first_start: Any, port: int) -> None:
    with hold_folder(house / "daten") as lock:
        lock.announce(18_765)
        done = run(house, "--data", house / "daten", "--port", port, "--no-browser")

    assert done.returncode == 1
    assert "Theke läuft schon: http://127.0.0.1:18765" in done.stderr


def test_a_folder_held_by_a_backup_is_told(house: Path, first_start: Any, port: int) -> None:
    with hold_folder(house / "daten"):
        done = run(house, "--data", house / "daten", "--port", port, "--no-browser")

    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "Theke startet gerade oder wird gesichert. Bitte in einer Minute noch einmal.",
        "Theke is starting or being backed up. Please try again in a minute.",
    ]


def run_app(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """What `python app.py` says; it must end by itself."""
    told = {**os.environ, "THEKE_DATA": str(folder), "THEKE_PORT": "18766", **environment}
    command = [sys.executable, ROOT / "app.py"]
    return subprocess.run(command, env=told, capture_output=True, text=True, check=False, cwd=ROOT, timeout=100)


def test_the_server_ends_on_a_busy_folder_with_one_sentence(tmp_path: Path) -> None:
    with hold_folder(tmp_path) as lock:
        lock.announce(18_765)
        done = run_app(tmp_path)

    assert done.returncode != 0
    address = "http://127.0.0.1:18765"
    assert done.stderr == f"Theke läuft schon: {address}\nTheke is already running: {address}\n"


def test_the_server_ends_on_a_folder_it_cannot_use_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    done = run_app(tmp_path / "file" / "daten")

    assert done.returncode != 0
    assert "lässt sich nicht benutzen" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_database_that_does_not_open_is_told_in_both_languages(tmp_path: Path) -> None:
    (tmp_path / "theke.duckdb").mkdir()

    done = run_app(tmp_path)

    assert "An den Daten ist nichts kaputt" in done.stderr
    assert "Nothing is broken in the data" in done.stderr
    assert len(done.stderr.splitlines()) == 2


def test_a_folder_of_other_things_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "theke.lock").write_text("")
    (tmp_path / "start.py").write_text("")

    asked = subprocess.run(
        [sys.executable, "-m", "services.lock", tmp_path], capture_output=True, text=True, check=False, cwd=ROOT
    )
    done = run_app(tmp_path)

    assert (asked.returncode, asked.stdout, asked.stderr) == (0, "", "")
    assert done.returncode != 0
    assert "andere Dinge" in done.stderr
    assert "other things" in done.stderr


def test_the_demo_is_refused_on_the_folder_of_a_shop(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "theke.duckdb")
    with store.write() as tx:
        mark_set_up(tx, datetime.now(UTC))
    store.close()

    done = run_app(tmp_path, THEKE_DEMO="1")

    assert done.returncode != 0
    assert "ein echter Betrieb" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_told_with_a_free_one(house: Path, first_start: Any) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = run(house, "--data", house / "daten", "--port", other.getsockname()[1], "--no-browser")

    assert done.returncode == 1
    assert "schon belegt" in done.stderr
    assert start.is_free(int(done.stderr.rsplit("--port ", 1)[1]))


def test_a_data_folder_that_cannot_be_written_is_told(house: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    done = run(house, "--data", tmp_path / "file" / "daten", "--no-browser")

    assert done.returncode == 1
    assert "--data ORDNER" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["strat"],
        ["--port", "0"],
        ["--port", "70000"],
        ["restore"],
        ["demo", "x"],
        ["--data="],
        ["pin", "--data", " "],
        ["--inquiries", "100"],
        ["backup", "--seed", "1"],
        ["demo", "--years", "zwei"],
    ],
)
def test_a_wrong_command_line_is_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(arguments) == 1
    assert "start.py --help" in capsys.readouterr().err


def test_help_names_every_command() -> None:
    done = run(ROOT, "--help")

    assert done.returncode == 0
    assert all(name in done.stdout for name in start.COMMANDS)


def test_an_old_python_is_told_before_anything_else() -> None:
    code = "import sys, runpy; sys.version_info = (3, 9, 2); runpy.run_path(sys.argv[1], run_name='__main__')"
    done = subprocess.run([sys.executable, "-c", code, ROOT / "start.py"], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr.startswith("Theke braucht Python 3.11 oder neuer; hier läuft 3.9.")


def test_the_file_can_be_read_by_an_old_python_and_imports_only_what_comes_with_it() -> None:
    tree = ast.parse((ROOT / "start.py").read_text(encoding="utf-8"), feature_version=(3, 7))

    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    names = {alias.name for node in imports if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in imports if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in names} - {"__future__"} <= sys.stdlib_module_names


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    with pytest.raises(start.Trouble, match="zu wenig Platz"):
        start.check_room(tmp_path, 10**12)


def test_the_data_lies_where_platformdirs_says() -> None:
    assert start.user_data_folder() / "theke" == platformdirs.user_data_path("theke", appauthor=False)


def test_a_named_folder_wins(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("THEKE_DATA", str(tmp_path / "named"))

    assert start.data_folder(start.read_options([])) == tmp_path / "named"
    assert start.data_folder(start.read_options(["--data", str(tmp_path / "asked")])) == tmp_path / "asked"
    assert start.data_folder(start.read_options(["demo"])).name == "theke-demo"


@pytest.fixture
def empty_house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Paths of start.py in an empty folder."""
    for name, path in (("VENV", ".venv"), ("RUN", "requirements.txt"), ("DEV", "requirements-dev.txt")):
        monkeypatch.setattr(start, name, tmp_path / path)
    start.RUN.write_text("streamlit==1.67.0\n")
    start.DEV.write_text("-r requirements.txt\nruff==0.17.6\n")
    return tmp_path


def pretend_installed(*requirements: Path) -> None:
    start.venv_python().parent.mkdir(parents=True, exist_ok=True)
    start.venv_python().write_text("")
    for file in requirements:
        start.marker(file).write_text(start.fingerprint(file))


def test_a_new_pin_is_installed_at_the_next_start(empty_house: Path) -> None:
    pretend_installed(start.RUN, start.DEV)
    assert start.is_installed(start.RUN)

    start.RUN.write_text("streamlit==1.68.0\n")

    assert not start.is_installed(start.RUN)
    assert not start.is_installed(start.DEV)


def test_another_python_gets_its_own_packages(empty_house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pretend_installed(start.RUN)

    monkeypatch.setattr(start.sys, "version_info", (3, 14, 0))

    assert not start.is_installed(start.RUN)


def test_a_lost_python_is_noticed(empty_house: Path) -> None:
    pretend_installed(start.RUN)

    start.venv_python().unlink()

    assert not start.is_installed(start.RUN)


def test_without_ensurepip_the_pip_of_the_system_installs(empty_house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = start.works
    monkeypatch.setattr(start, "works", lambda command: "ensurepip" not in command and really(command))

    pip = start.make_venv(start.venv_python())

    assert pip == [sys.executable, "-m", "pip", "--python", str(start.venv_python())]
    assert really([*pip, "list"])


def test_without_any_pip_the_cure_is_named(empty_house: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really = start.works
    monkeypatch.setattr(start, "works", lambda command: not {"pip", "ensurepip"} & set(command) and really(command))

    with pytest.raises(start.Trouble, match="sudo apt install python3-venv"):
        start.make_venv(start.venv_python())


def test_packages_that_cannot_be_fetched_are_told_with_the_last_words() -> None:
    with pytest.raises(start.Trouble, match=r"no matching version(.|\n)*Geht das Internet"):
        start.install_packages([sys.executable, "-c", "print('no matching version'); raise SystemExit(1)"])


def test_progress_names_each_package(capsys: pytest.CaptureFixture[str]) -> None:
    start.follow(["Collecting duckdb==2.0.0 (from -r x)\n", "  Downloading …\n", "Installing collected packages: a\n"])

    assert capsys.readouterr().out.splitlines()[0] == "    1  duckdb"


@pytest.mark.parametrize(("codes", "code"), [([0, 0, 0], 0), ([1, 0, 0], 1), ([0, 0, 5], 5), ([0, 2, 1], 2)])
def test_the_checks_all_run_and_the_first_failure_counts(
    codes: list[int], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, commands = iter(codes), []
    monkeypatch.setattr(start, "install", lambda file: Path("python"))
    monkeypatch.setattr(start, "call_aloud", lambda command: commands.append(command) or next(left))

    assert start.main(["test", "-k", "backup"]) == code

    assert [command[2] for command in commands] == ["ruff", "mypy", "pytest"]
    assert commands[-1][3:] == ["-k", "backup"]


def test_the_whole_run_uses_every_core(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(start, "install", lambda file: Path("python"))
    monkeypatch.setattr(start, "call_aloud", lambda command: commands.append(command) or 0)

    start.main(["test"])

    assert commands[-1][2:] == ["pytest", "-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]


def test_the_checks_see_nothing_of_a_running_theke(monkeypatch: pytest.MonkeyPatch, capfd: Any) -> None:
    monkeypatch.setenv("THEKE_DATA", "/somewhere")

    code = start.call_aloud([sys.executable, "-c", "import os; print(os.environ.get('THEKE_DATA'))"])

    assert code == 0
    assert capfd.readouterr().out.splitlines()[-1] == "None"
