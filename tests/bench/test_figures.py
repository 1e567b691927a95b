"""What «Auswertung» costs with five years behind the shop, each time in a process of its own.

`python3 start.py bench -k test_figures`; the history is made up first, which takes about a minute. THEKE_FEW and
THEKE_MANY in front of it name folders of demos that are there already.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.demo import build_demo
from services.process import DemoHistory
from tests.bench.page_cost import SHELL
from tests.builders import make_shop

ROOT = SHELL.parents[1]
FRESH, WARM = 2.0, 0.3  # seconds of process CPU for the whole page
SLOWER = 1.3  # with ten times the history
TRIES = 3


def _demo(folder: Path, inquiries: int, years: float) -> Path:
    shop = make_shop(folder, in_memory=False)
    build_demo(shop, DemoHistory(inquiries, years))
    shop.close()
    return folder


def _cost(folder: Path) -> dict[str, float]:
    """The best of a few tries, figure by figure: what else runs only adds."""
    command = [sys.executable, "-m", "tests.bench.page_cost", str(folder)]
    runs = [json.loads(subprocess.check_output(command, cwd=ROOT, text=True).splitlines()[-1]) for _ in range(TRIES)]
    return {name: min(run[name] for run in runs) for name in runs[0]}


@pytest.mark.timeout(1200)
def test_the_whole_page_with_a_million_inquiries_and_with_a_tenth_of_the_history(tmp_path: Path) -> None:
    kept = {name: os.environ.get(name) for name in ("THEKE_FEW", "THEKE_MANY")}
    few = _cost(Path(kept["THEKE_FEW"] or _demo(tmp_path / "few", 100_000, 0.5)))
    many = _cost(Path(kept["THEKE_MANY"] or _demo(tmp_path / "many", 1_000_000, 5)))
    for name, cost in (("a tenth", few), ("a million", many)):
        print(f"\n{name:>10}: " + ", ".join(f"{what} {seconds:.2f} s" for what, seconds in cost.items()), end="")
    print(f"\n     ratio: {many['counting'] / few['counting']:.2f}", end="")
    assert many["first"] <= FRESH
    assert many["warm"] <= WARM
    assert many["counting"] <= SLOWER * few["counting"]
