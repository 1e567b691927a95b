"""The scripts of our components: each with the few functions in front that all of them build their nodes with."""

from pathlib import Path

_HERE = Path(__file__).parent


def script(*names: str) -> str:
    """The text of the scripts `names` of this folder, one after the other, behind that of dom.js."""
    return "\n".join((_HERE / part).read_text(encoding="utf-8") for part in ("dom.js", *names))
