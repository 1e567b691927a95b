#!/usr/bin/env python3
"""Theke with one command, on a machine with nothing but Python: `python3 start.py`.

Makes `.venv` beside this file, installs the pinned packages and hands over to the server. Standard library only.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 it is read by older ones too
    # Before anything that an older Python could not read.
    sys.exit(
        "Theke braucht Python 3.11 oder neuer; hier läuft {0}.{1}. Neues Python: https://www.python.org/downloads\n"
        "Theke needs Python 3.11 or newer; this is {0}.{1}.".format(*sys.version_info[:2])
    )

import argparse
import hashlib
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
import webbrowser
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV, RUN, DEV = ROOT / ".venv", ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
PORT = 8501
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # none that look alike; eight of them are 39 bits
ROOM_TO_INSTALL, ROOM_FOR_DATA = 1200, 100  # MB
ON_ALL_CORES = ["-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder"]  # few but long tests come early
PACKAGES_OF_OURS = ["app.py", "start.py", "data", "services", "pages"]
HISTORY = {"--inquiries": int, "--years": float, "--seed": int}  # the past of a new demo
MAKING_UP = "Theke erfindet die Vorgeschichte; das dauert ein paar Minuten. / Making up the past takes a few minutes."
MODULES = {"backup": ("services.backup_command", "backup"), "pin": ("services.pin_command",)}
COMMANDS = {
    "start": "Theke starten / start Theke",
    "demo": "eine erfundene Werkstatt zum Ausprobieren, in einem eigenen Ordner / a made-up garage to try out",
    "backup": "jetzt sichern / back up now",
    "restore": "eine Sicherung zurückholen: restore DATEI / bring a backup back: restore FILE",
    "pin": "einem Inhaber eine neue PIN geben / give an owner a new PIN",
    "test": "alles prüfen, was die CI prüft; Weiteres geht an pytest / run what CI runs; the rest goes to pytest",
    "bench": "die Messungen laufen lassen / run the benchmarks",
}


class Trouble(Exception):  # noqa: N818 it is told, not raised to a caller
    """Why it does not go on, with the cure: a German sentence and the same in English."""

    def __init__(self, german: str, english: str, details: str = "") -> None:
        super().__init__("\n".join(part for part in (details, german, english) if part))


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """A wrong word is told like any other trouble."""
        raise Trouble("So geht es nicht. Was es gibt, zeigt: python3 start.py --help", f"That is not right: {message}")


def main(arguments: list[str]) -> int:
    """Do what the command line asks; the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # an old Windows console has no «»
    try:
        for_pytest = {"test": run_checks, "bench": run_benchmarks}.get("".join(arguments[:1]))
        if for_pytest:
            return for_pytest(arguments[1:])
        options = read_options(arguments)
        return {"backup": run_module, "restore": restore, "pin": run_module}.get(options.command, start)(options)
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nAbgebrochen; der nächste Start macht hier weiter. / Stopped; the next start goes on from here.")
        return 130


def read_options(arguments: list[str]) -> argparse.Namespace:
    """The command line; raises Trouble for what cannot be."""
    lines = "\n".join(f"  {name:9}{text}" for name, text in COMMANDS.items())
    parser = Parser(prog="start.py", epilog=lines, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", nargs="?", default="start", choices=COMMANDS, metavar="command")
    parser.add_argument("file", nargs="?", type=Path, help="restore: die Sicherung / the backup")
    parser.add_argument("--port", type=port_number, default=PORT, help=f"Anschluss / port ({PORT})")
    parser.add_argument("--public-port", type=port_number, help="für Kunden allein / for customers' pages alone")
    parser.add_argument("--data", type=str.strip, help="Ordner der Daten / data folder")
    parser.add_argument("--here-only", action="store_true", help="nur auf diesem PC, kein Tablet / this PC only")
    parser.add_argument("--no-browser", action="store_true", help="den Browser nicht öffnen / open no browser")
    parser.add_argument("--yes", action="store_true", help="restore: nicht nachfragen / do not ask")
    for name, kind in HISTORY.items():
        parser.add_argument(name, type=kind, help="demo: seine Vorgeschichte / its past")
    options = parser.parse_args(arguments)
    if options.command != "demo" and history_of(options):
        parser.error("--inquiries, --years and --seed are for the demo")
    if options.data == "" or (options.command == "restore") != (options.file is not None):
        parser.error("--data needs a folder, restore needs a file, the other commands take none")
    return options


def port_number(text: str) -> int:
    """A port between 1 and 65535; ValueError for anything else."""
    if not 1 <= int(text) <= 65535:
        raise ValueError(text)
    return int(text)


# --- the commands


def start(options: argparse.Namespace) -> int:
    """Install what is missing and become the server."""
    folder = prepare_folder(data_folder(options))
    if not is_installed(RUN):
        check_port(options.port)
    python = install(RUN)
    address = running_address(python, folder)
    if address:
        if not options.no_browser:
            webbrowser.open(address)
        raise Trouble(f"Theke läuft schon: {address}", f"Theke is running already: {address}")
    check_port(options.port)
    say(MAKING_UP if (options.inquiries or 0) > 50_000 else "Theke startet … / Theke is starting …")
    return hand_over([str(python), str(ROOT / "app.py")], server_environment(options, folder))


def run_module(options: argparse.Namespace) -> int:
    """Back up, by the running Theke if there is one; or give an owner a new PIN, which is refused while it runs."""
    return call([install(RUN), "-m", *MODULES[options.command], "--data", data_folder(options)])


def restore(options: argparse.Namespace) -> int:
    """Bring a backup back; the command refuses while Theke runs."""
    folder = prepare_folder(data_folder(options))
    file = options.file.expanduser().absolute()
    command = [install(RUN), "-m", "services.backup_command", "restore", file, "--data", folder]
    return call([*command, "--yes"] if options.yes else command)


def run_checks(for_pytest: list[str]) -> int:
    """What CI runs: ruff, mypy, pytest, all three whatever the others say; the first exit code that is not 0."""
    python = install(DEV)
    checks = (["ruff", "check", "."], ["mypy", *PACKAGES_OF_OURS], ["pytest", *(for_pytest or ON_ALL_CORES)])
    codes = [call_aloud([python, "-m", *check]) for check in checks]
    return next((code for code in codes if code), 0)


def run_benchmarks(for_pytest: list[str]) -> int:
    """The measurements under tests/bench."""
    return call_aloud([install(DEV), "-m", "pytest", "-s", ROOT / "tests" / "bench", *for_pytest])


# --- where the data lies


def data_folder(options: argparse.Namespace) -> Path:
    """The folder asked for, else THEKE_DATA, else the user's own; the demo has its own unless one is asked for."""
    if options.command == "demo" and not options.data:
        return user_data_folder() / "theke-demo"
    named = options.data or os.environ.get("THEKE_DATA")
    return Path(named).expanduser().resolve() if named else user_data_folder() / "theke"


def user_data_folder() -> Path:
    """Where programs keep a user's data; the same as the package platformdirs says, which is not there yet."""
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support"
    return Path(os.environ.get("XDG_DATA_HOME", "").strip() or Path.home() / ".local" / "share")


def prepare_folder(folder: Path) -> Path:
    """The data folder, made for this user only and seen to be writable."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        raise Trouble(
            f"In den Ordner {folder} lässt sich nicht schreiben. Einen anderen nehmen: --data ORDNER",
            "The data folder cannot be written. Take another one: --data FOLDER",
            str(error),
        ) from error
    check_room(folder, ROOM_FOR_DATA)
    return folder


def check_room(folder: Path, needed: int) -> None:
    """Raise Trouble when fewer than `needed` MB are free."""
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < needed:
        raise Trouble(
            f"Auf der Festplatte ist zu wenig Platz ({folder}): {needed} MB nötig, {free} MB frei.",
            f"The disk is too full: {needed} MB needed, {free} MB free. Please make room.",
        )


# --- .venv


def install(requirements: Path) -> Path:
    """Make .venv and install the pinned packages unless that is done; the Python in it."""
    python = venv_python()
    if is_installed(requirements):
        return python
    check_room(ROOT, ROOM_TO_INSTALL)
    say("Theke wird eingerichtet; das dauert ein paar Minuten und geschieht nur einmal.")
    say("Theke is being installed; this takes a few minutes and happens once.")
    install_packages([*make_venv(python), "install", "--no-input", "--prefer-binary", "-r", str(requirements)])
    for done in {requirements, RUN}:
        marker(done).write_text(fingerprint(done), encoding="ascii")
    return python


def is_installed(requirements: Path) -> bool:
    """Whether exactly these packages were installed with this Python."""
    done = marker(requirements)
    return venv_python().exists() and done.exists() and done.read_text(encoding="ascii") == fingerprint(requirements)


def marker(requirements: Path) -> Path:
    """The file that says what was installed last."""
    return VENV / f"{requirements.stem}.installed"


def fingerprint(requirements: Path) -> str:
    """A sum over the requirements, those they build on, and this Python's version."""
    parts = [f"{sys.version_info[0]}.{sys.version_info[1]}".encode(), RUN.read_bytes(), requirements.read_bytes()]
    return hashlib.sha256(b"\n".join(parts)).hexdigest()


def venv_python() -> Path:
    """The Python of .venv."""
    return VENV / "Scripts" / "python.exe" if sys.platform == "win32" else VENV / "bin" / "python"


def make_venv(python: Path) -> list[str]:
    """Make .venv if it is missing or of another Python; the pip command that installs into it.

    Debian's Python has no ensurepip without its package python3-venv; then the system's pip does it, if there is one.
    """
    version = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    if not works([python, "-c", version]) and call([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV]):
        raise Trouble(f"Der Ordner {VENV} ließ sich nicht anlegen.", "The folder .venv could not be made.")
    own = [str(python), "-m", "pip"]
    if works([*own, "--version"]) or works([python, "-m", "ensurepip", "--default-pip"]):
        return own
    of_system = [sys.executable, "-m", "pip", "--python", str(python)]
    if works([*of_system, "--version"]):
        return of_system
    raise Trouble(
        "Diesem Python fehlt pip. Bitte einmal ausführen: sudo apt install python3-venv",
        "This Python has no pip. Please run once: sudo apt install python3-venv",
    )


def install_packages(command: list[str]) -> None:
    """Run pip, telling package by package how far it is; raises Trouble with pip's last words."""
    environment = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"}
    out, err = subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(command, env=environment, stdout=out, stderr=err, text=True, errors="replace") as pip:
        said = follow(pip.stdout or [])
    if pip.returncode:
        raise Trouble(
            "Die Pakete ließen sich nicht holen. Geht das Internet? Danach noch einmal starten.",
            "The packages could not be fetched. Is the internet working? Then start again.",
            "\n".join(said[-12:]),
        )


def follow(lines: Iterable[str]) -> list[str]:
    """Tell pip's progress in short; all that it said."""
    said: list[str] = []
    fetched = 0
    for line in lines:
        said.append(line.rstrip())
        if line.startswith("Collecting "):
            fetched += 1
            name = re.split(r"[^\w.-]", line.split()[1])[0]
            tell_progress(f"  {fetched:3}  {name}")
        if line.startswith("Installing collected"):
            tell_progress("  Pakete werden eingebaut … / packages are being installed …\n")
    return said


def tell_progress(text: str) -> None:
    """One line that rewrites itself on a terminal, a line each elsewhere."""
    if sys.stdout.isatty():
        print(f"\r{text:60}", end="", flush=True)
    else:
        say(text.rstrip())


def works(command: list[str | Path]) -> bool:
    """Whether a command ends well; its words are dropped."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


# --- the server


def server_environment(options: argparse.Namespace, folder: Path) -> dict[str, str]:
    """What app.py is told; the set-up code counts only until the shop is set up."""
    return {
        **os.environ,
        "THEKE_DATA": str(folder),
        "THEKE_PORT": str(options.port),
        "THEKE_PUBLIC_PORT": str(options.public_port or os.environ.get("THEKE_PUBLIC_PORT", 0)),
        "THEKE_ADDRESS": "127.0.0.1" if options.here_only else "0.0.0.0",  # noqa: S104 the tablet's way in
        "THEKE_DEMO": "1" if options.command == "demo" else "0",
        **history_of(options),
        "THEKE_OPEN_BROWSER": "0" if options.no_browser else "1",
        "THEKE_SETUP_CODE": os.environ.get("THEKE_SETUP_CODE") or "".join(map(secrets.choice, [CODE_LETTERS] * 8)),
    }


def history_of(options: argparse.Namespace) -> dict[str, str]:
    """The past that is asked for, as app.py is told of it."""
    asked = {name.lstrip("-"): getattr(options, name.lstrip("-")) for name in HISTORY}
    return {f"THEKE_DEMO_{name.upper()}": str(value) for name, value in asked.items() if value is not None}


def hand_over(command: list[str], environment: dict[str, str]) -> int:
    """Become the server where the system can, so that this pid is its pid; else wait for it."""
    os.chdir(ROOT)  # Streamlit looks for its settings here
    os.umask(0o077)  # what the server writes is for this user only
    sys.stdout.flush()
    if os.name != "nt":
        os.execve(command[0], command, environment)  # noqa: S606 our own program
    with subprocess.Popen(command, env=environment) as server:
        while True:
            try:
                return server.wait()
            except KeyboardInterrupt:
                continue  # Ctrl+C reaches the server too, and it ends in order


def check_port(port: int) -> None:
    """Raise Trouble when the port cannot be had, naming one that is free."""
    if is_free(port):
        return
    free = next(filter(is_free, range(max(port + 1, 1024), 65536)), PORT)
    raise Trouble(
        f"Der Anschluss {port} ist schon belegt oder dem System vorbehalten. Einen anderen nehmen: --port {free}",
        f"Port {port} is taken or reserved for the system. Take another one: --port {free}",
    )


def is_free(port: int) -> bool:
    """Whether the port can be bound on every address."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if sys.platform != "win32":
            # As the server does: a connection that is just closing does not count.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("", port))
        except OSError:
            return False
    return True


def running_address(python: Path, folder: Path) -> str:
    """Where the Theke of this folder answers, '' when none runs."""
    command = [str(python), "-m", "services.lock", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Trouble(
            "Theke startet gerade oder wird gesichert. Bitte in einer Minute noch einmal.",
            "Theke is starting or being backed up. Please try again in a minute.",
            done.stderr.strip(),
        )
    return done.stdout.strip()


def call(command: list[str | Path], environment: dict[str, str] | None = None) -> int:
    """Run a command in the terminal, in the folder of this file; its exit code."""
    sys.stdout.flush()
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def call_aloud(command: list[str | Path]) -> int:
    """Run a check after naming it; settings of a running Theke do not leak into it."""
    say("== " + " ".join(map(str, command[2:])))
    return call(command, {name: value for name, value in os.environ.items() if not name.startswith("THEKE_")})


def say(sentence: str) -> None:
    """One line on the terminal, at once."""
    print(sentence, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
