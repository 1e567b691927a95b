"""What the README promises is there."""

from __future__ import annotations

import re

from tests.architecture.house import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_command_of_the_readme_is_known() -> None:
    source = (ROOT / "start.py").read_text(encoding="utf-8")
    known = set(re.findall(r'^    "(\w+)":', source, re.M)) | {"start"}
    named = set(re.findall(r"start\.py (\w+)", README))
    assert named >= {"test", "demo", "backup", "restore"}
    assert named <= known
    assert set(re.findall(r"--[a-z][a-z-]+", README)) <= set(re.findall(r'"(--[a-z-]+)"', source))


def test_every_link_of_the_readme_leads_somewhere() -> None:
    links = re.findall(r"\]\(([^)]+)\)", README) + re.findall(r"`((?:pages|services|data|tests)/[\w/.]*)`", README)
    assert links
    assert not [link for link in links if not (ROOT / link).exists()]
