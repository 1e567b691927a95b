"""The edge of every route: a ShopError becomes its sentence, all else is logged under a short id and told as one."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable

from starlette.responses import Response

from services.errors import DiskFullError, ShopError, disk_is_full

log = logging.getLogger(__name__)


def answer(work: Callable[[], Response], explain: Callable[[ShopError | None, str], Response]) -> Response:
    """What `work` answers, or what `explain` makes of the ShopError, or of the id (four hex digits) of a failure."""
    try:
        return work()
    except ShopError as error:
        return explain(error, "")
    except Exception as error:
        failure = secrets.token_hex(2).upper()
        log.exception("a route failed (%s)", failure)
        return explain(DiskFullError(), "") if disk_is_full(error) else explain(None, failure)
