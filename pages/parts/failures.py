"""What nobody foresaw on a screen: the log holds it whole under a short id, the person gets a sentence."""

from __future__ import annotations

import logging
from collections.abc import Callable
from secrets import token_hex

import streamlit as st

from pages.catalogues import translator
from services.errors import DiskFullError, disk_is_full

log = logging.getLogger(__name__)


def failure_sentence(error: Exception, say: Callable[[str], str]) -> str:
    """Log `error` under a short id; the sentence that names the id."""
    _ = say
    ident = token_hex(2).upper()
    log.error("page failed id=%s", ident, exc_info=error)
    if disk_is_full(error):
        return _(DiskFullError().msgid)
    return _("Da ist etwas schiefgegangen ({ident}). Bitte versuchen Sie es noch einmal.").format(ident=ident)


def log_failure(error: Exception) -> bool:
    """The app's handler for errors that reach Streamlit: logged, and a calm sentence instead of a traceback."""
    st.error(failure_sentence(error, translator(str(st.user.get("language", "de")))), icon=":material/error:")
    return True
