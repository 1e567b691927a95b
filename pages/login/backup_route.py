"""`start.py backup` asks the running process here; the token file in the data folder is the only key."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.backups import make_backup
from services.errors import ShopError
from services.lock import is_backup_token
from services.shop import the_shop


def back_up_now(request: Request) -> Response:
    """Make a backup and name its file; 403 without the token, 500 with the sentence when it failed."""
    shop = the_shop()
    if not is_backup_token(shop.folder, request.headers.get("x-theke-backup", "")):
        return JSONResponse({"problem": "Der Schlüssel passt nicht."}, status_code=403)
    try:
        made = make_backup(shop, now=shop.now())
    except ShopError as error:
        return JSONResponse({"problem": str(error)}, status_code=500)
    return JSONResponse({"file": str(made.path), "problem": made.problem})


BACKUP_ROUTES = [Route("/intern/sicherung", back_up_now, methods=["POST"])]
