"""What Streamlit's page asks before it starts: how it is to behave where it runs."""

from __future__ import annotations

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

ADDRESS = "/_stcore/host-config"
HOST_CONFIG = {
    # Nobody else's page may frame Theke and steer it by messages; Streamlit's own list has its makers' sites.
    "allowedOrigins": [],
    "useExternalAuthToken": False,
    "enableCustomParentMessages": False,
    "enforceDownloadInNewTab": False,
    "metricsUrl": "",
    # Its «Connection error» takes the cursor away from whoever is typing. The frame tells it without.
    "blockErrorDialogs": True,
    "resourceCrossOriginMode": None,
}


class HostConfig:
    """Answers in Streamlit's place; as a middleware, because Streamlit keeps the routes below /_stcore to itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request; all others go on."""
        if scope["type"] == "http" and scope["path"] == ADDRESS:
            return await JSONResponse(HOST_CONFIG, headers={"Cache-Control": "no-cache"})(scope, receive, send)
        return await self.app(scope, receive, send)
