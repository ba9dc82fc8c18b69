"""The map of which strategy leads: one panel a horizon, one cell a pair of values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from experiments.figures.style import ink_on, key_columns, panel
from experiments.flip_map.results import FlipResults, decided
from experiments.looks import looks
from experiments.numbers import yuan

__all__ = ["draw_cells", "flip_map"]

_NOBODY = "#BBBBBB"
#: How much of its colour an undecided cell keeps; the rest is white.
_PALE = 0.22
#: Inches: of all panels of a row, and the least that a cell takes.
_ROW, _CELL, _CELL_HEIGHT = 7.3, 0.72, 0.62
#: From this width on, an interval has room on one line.
_WIDE = 1.15
_LABELS = {"contribution": "contribution", "gmv": "GMV"}
#: Letters of a key that have room beside a cell's height, or below its width, an inch.
_LETTERS = 13.0


def flip_map(found: FlipResults, table: pd.DataFrame) -> Figure:
    """Draw who leads in each cell by each horizon: pale and hatched where the interval includes 0.

    Parameters
    ----------
    found
        The map.
    table
        Its table.
    """
    across, up = (len(own) for own in found.values)
    columns = max(1, min(len(found.horizons), int(_ROW / (across * _CELL))))
    rows = math.ceil(len(found.horizons) / columns)
    width = _ROW / (columns * across)
    colours = {name: look.colour for name, look in looks(found.strategies).items()}
    figure, panels = panel(rows, columns, height=1.15 + rows * (0.95 + max(1.3, up * _CELL_HEIGHT)))
    for axes in panels[len(found.horizons) :]:
        axes.remove()
    for index, (axes, day) in enumerate(zip(panels, found.horizons, strict=False)):
        own = table[table["horizon_days"] == day]
        draw_cells(axes, own, found.values, colours, wide=width >= _WIDE)
        axes.set_title(f"by day {day}", fontsize=10, weight="bold", loc="left")
        axes.set_xlabel(_label(found.keys[0], found.units[0], width * across))
        axes.set_ylabel(_label(found.keys[1], found.units[1], max(1.3, up * _CELL_HEIGHT)) if index % columns == 0 else "")
    _key(figure, found, table, colours)
    return figure


def draw_cells(axes: Axes, rows: pd.DataFrame, values: Sequence[Sequence[float]], colours: Mapping[str, str], *, wide: bool) -> None:
    """Draw the cells of one horizon, with what lies between the strategies and its interval."""
    for (first, second, leader), (difference, low, high), sure in zip(
        rows[["first", "second", "leader"]].itertuples(index=False),
        rows[["difference", "low", "high"]].to_numpy(dtype=float),
        decided(rows),
        strict=True,
    ):
        # A value may come back from the file a last digit off.
        x, y = (int(np.argmin(np.abs(np.subtract(own, value)))) for own, value in zip(values, (first, second), strict=True))
        colour = colours.get(str(leader), _NOBODY)
        axes.add_patch(Rectangle((x - 0.485, y - 0.485), 0.97, 0.97, **_look(colour, sure=bool(sure))))
        ink = ink_on(colour) if sure else "#222222"
        known = not np.isnan(low)
        axes.text(x, y + (0.2 if known and not wide else 0.14 if known else 0), _signed(difference), color=ink, weight="bold", **_MIDDLE)
        if known:
            joint = " to " if wide else "\nto "
            axes.text(x, y - 0.18, f"{_signed(low)}{joint}{_signed(high)}", color=ink, fontsize=7.5, linespacing=1.0, **_MIDDLE)
    axes.set_xlim(-0.5, len(values[0]) - 0.5)
    axes.set_ylim(-0.5, len(values[1]) - 0.5)
    axes.set_xticks(range(len(values[0])), [f"{value:g}" for value in values[0]])
    axes.set_yticks(range(len(values[1])), [f"{value:g}" for value in values[1]])
    axes.grid(visible=False)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


_MIDDLE: dict[str, Any] = {"ha": "center", "va": "center"}


def _look(colour: str, *, sure: bool) -> dict[str, Any]:
    """Give an area its full colour, or a pale one with a hatch; where nobody leads, neither."""
    if colour == _NOBODY:
        return {"facecolor": _mixed(colour, 0.5), "linewidth": 0}
    if sure:
        return {"facecolor": colour, "edgecolor": colour, "linewidth": 0}
    return {"facecolor": _mixed(colour, _PALE), "edgecolor": _mixed(colour, 2 * _PALE), "hatch": "///", "linewidth": 0}


def _mixed(colour: str, share: float) -> tuple[float, float, float]:
    """Mix a colour with white."""
    red, green, blue = (1 - share * (1 - part) for part in to_rgb(colour))
    return red, green, blue


def _key(figure: Figure, found: FlipResults, table: pd.DataFrame, colours: Mapping[str, str]) -> None:
    """Put the key above the panels: who the colours are, what pale means, what the numbers are."""
    there = [name for name in found.strategies if (table["leader"] == name).any()]
    handles = [Patch(**_look(colours[name], sure=True), label=f"{name} leads") for name in there]
    if (table["leader"] == "").any():
        handles.append(Patch(**_look(_NOBODY, sure=True), label="nobody leads"))
    handles.append(Patch(**_look("#888888", sure=False), label="undecided: the interval includes 0"))
    baseline, *others = found.strategies
    other = others[0] if len(others) == 1 else "the best other"
    figure.legend(
        handles=handles,
        loc="outside upper left",
        ncols=key_columns([str(handle.get_label()) for handle in handles]),
        alignment="left",
        title=f"{other} − {baseline}: difference in {_LABELS[found.metric]} by that day (yuan), 95 % interval below",
        title_fontsize=10,
    )


def _label(key: str, unit: str, room: float) -> str:
    """Write a key and its unit, broken at dots where an axis is too short for them."""
    lines = [""]
    for part in key.replace(".", ".\0").split("\0"):
        if lines[-1] and len(lines[-1]) + len(part) > _LETTERS * room:
            lines.append("")
        lines[-1] += part
    return "\n".join([*lines, *([f"({unit})"] if unit else [])])


def _signed(value: float) -> str:
    text = yuan(value)
    return f"+{text}" if value > 0 else text
