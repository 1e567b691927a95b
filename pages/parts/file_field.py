"""A field for files that speaks German: Streamlit has English words in it, and no way to change them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import streamlit as st

# Streamlit's own words on the field are English whatever the person reads: ours stand in their place. Why a file is
# refused it says to a mouse alone: the caption that says it to everybody turns red. Its buttons are 16 px wide.
_LOOK = """<style>
.st-key-{place} [data-testid="stFileUploaderDropzone"] button {{ min-height: 44px; }}
.st-key-{place} [data-testid="stFileUploaderDropzone"] button p {{ display: none; }}
.st-key-{place} [data-testid="stFileUploaderDropzone"] button :has(> p)::after {{
  content: "{choose}"; font-size: 16px; }}
.st-key-{place} [data-testid="stFileUploaderDropzoneInstructions"] {{ display: none; }}
.st-key-{place} :is([data-testid="stFileChipDeleteBtn"], [data-testid="stFileChips"]) button {{ min-width: 44px; }}
.st-key-{place} [data-testid="stFileChipName"] + div {{ display: none; }}
.st-key-{place} div:has(> [data-testid="stTooltipErrorContent"]) {{ display: none; }}
.st-key-{place}:has([aria-invalid="true"]) [data-testid="stCaptionContainer"] p {{ color: var(--rot); }}
</style>"""


@contextmanager
def worded_file_field(
    place: str, choose: str, say: Callable[[str], str], kinds: Sequence[str], most: int
) -> Iterator[None]:
    """Draw a file field in here: its button says `choose`, and below stands that only files of these `kinds` («eml»)
    are taken, of `most` MB. `place` and the words are ours and hold no mark-up."""
    st.html(_LOOK.format(place=place, choose=choose))
    with st.container(key=place, gap="xsmall"):
        yield
        named = ", ".join(f".{kind}" for kind in kinds)
        st.caption(say("Nur {kinds}, höchstens {most} MB.").format(kinds=named, most=most))
