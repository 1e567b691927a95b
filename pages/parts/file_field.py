"""A field for files that speaks German: Streamlit has English words in it, and no way to change them."""

from __future__ import annotations

import streamlit as st

# Streamlit's own words on the field are English whatever the person reads: ours stand in their place.
_WORDS = """<style>
.st-key-{place} [data-testid="stFileUploaderDropzone"] button {{ min-height: 44px; }}
.st-key-{place} [data-testid="stFileUploaderDropzone"] button p {{ display: none; }}
.st-key-{place} [data-testid="stFileUploaderDropzone"] button :has(> p)::after {{
  content: "{choose}"; font-size: 16px; }}
.st-key-{place} [data-testid="stFileUploaderDropzoneInstructions"] {{ display: none; }}
</style>"""


def word_file_field(place: str, choose: str) -> None:
    """Put `choose` on the button of the file field in the container `place`; both are ours and hold no mark-up."""
    st.html(_WORDS.format(place=place, choose=choose))
