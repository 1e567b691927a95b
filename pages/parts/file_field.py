"""A field for files that speaks German: Streamlit has English words in it, and no way to change them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

# Streamlit's own words on the field are English whatever the person reads: ours stand in their place. Why a file is
# refused it says to a mouse alone, sizes it writes as nobody else here does, and its buttons are 16 px wide.
_WORDS = """<style>
.st-key-{place} [data-testid="stFileUploaderDropzone"] button {{ min-height: 44px; }}
.st-key-{place} [data-testid="stFileUploaderDropzone"] button p {{ display: none; }}
.st-key-{place} [data-testid="stFileUploaderDropzone"] button :has(> p)::after {{
  content: "{choose}"; font-size: 16px; }}
.st-key-{place} [data-testid="stFileUploaderDropzoneInstructions"] {{ display: none; }}
.st-key-{place} :is([data-testid="stFileChipDeleteBtn"], [data-testid="stFileChips"]) button {{ min-width: 44px; }}
.st-key-{place} [data-testid="stFileChipName"] + div {{ display: none; }}
.st-key-{place} [data-testid="stFileUploader"]:has([aria-invalid="true"])::after {{
  content: "{refused}"; display: block; margin-top: 8px; font-size: 16px; color: var(--rot); }}
</style>"""


def word_file_field(place: str, choose: str, refused: str) -> None:
    """Put `choose` on the button of the file field in the container `place`, and `refused` below a file that is not
    taken; all three are ours and hold no mark-up."""
    st.html(_WORDS.format(place=place, choose=choose, refused=refused))


def refused_words(say: Callable[[str], str], kinds: Sequence[str], most: int) -> str:
    """That only files of these `kinds` («eml») are taken, of `most` MB."""
    named = ", ".join(f".{kind}" for kind in kinds)
    return say("Diese Datei geht hier nicht: nur {kinds}, höchstens {most} MB.").format(kinds=named, most=most)
