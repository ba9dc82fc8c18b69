"""Letters of any script in a figure: which fonts of this machine have them, and what to write where none has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font

__all__ = ["can_be_drawn", "families"]

_LATIN = "DejaVu Sans"
#: Fonts with Chinese letters, in the order in which they are looked for.
_OTHERS = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "SimHei"),
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Arial Unicode MS"),
)


def families(texts: Iterable[str]) -> list[str]:
    """Choose fonts: the usual one, and another after it only where a letter needs one, so that other figures stay as they are."""
    if all(can_be_drawn(text, [_LATIN]) for text in texts):
        return [_LATIN]
    there = set(fontManager.get_font_names())
    return [_LATIN, *[name for name in _OTHERS if name in there][:1]]


def can_be_drawn(text: str, fonts: Sequence[str]) -> bool:
    """Say whether one of the fonts has each letter."""
    return all(any(ord(letter) in _letters(name) for name in fonts) for letter in text)


@cache
def _letters(family: str) -> frozenset[int]:
    return frozenset(get_font(findfont(FontProperties(family=[family]))).get_charmap())
