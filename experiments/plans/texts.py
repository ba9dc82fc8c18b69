"""Texts of cells, whatever keyboard they were typed on."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["parts", "plain"]

_BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """Return a text with full-width digits and signs made ordinary, in small letters, with single blanks."""
    ordinary = unicodedata.normalize("NFKC", text).replace("、", ",")  # the comma of Chinese lists has no other form
    return _BLANKS.sub(" ", ordinary).strip().lower()


def parts(text: str) -> list[str]:
    """Part a list: by commas, the bar, or the comma of Chinese lists."""
    return [part.strip() for part in re.split(r"[,，、|]", text) if part.strip()]
