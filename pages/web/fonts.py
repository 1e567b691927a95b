"""The font of the screens, served from the installed package (SIL OFL): no copy here, no request to anyone else."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import fontpkg_figtree
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Route

FIGTREE = Path(str(files(fontpkg_figtree))) / "files" / "Figtree[wght].ttf"


def send_figtree(request: Request) -> FileResponse:
    """The variable font, 300 to 900; a browser keeps it for a year."""
    return FileResponse(
        FIGTREE, media_type="font/ttf", headers={"Cache-Control": "public, max-age=31536000, immutable"}
    )


FONT_ROUTES = [Route("/schrift/figtree.ttf", send_figtree)]
