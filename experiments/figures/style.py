"""How all figures look: colours that colour-blind people can tell apart, line styles besides, units on every axis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from experiments.numbers import count, yuan

__all__ = [
    *("CAUSE_COLOURS", "VITALITY_COLOURS", "count_axis", "days_axis", "house_style", "ink_on", "key_above", "key_columns"),
    *("money_axis", "panel"),
]

CAUSE_COLOURS = ("#BBBBBB", "#D55E00", "#E69F00", "#0072B2", "#CC79A7", "#56B4E9", "#009E73", "#F0E442")
VITALITY_COLOURS = ("#009E73", "#F0E442", "#999999", "#D55E00")

_WIDTH, _HEIGHT = 8.4, 3.8
#: Letters that a row of the key has room for, each entry taking some for its sample.
_ROW_LETTERS, _SAMPLE_LETTERS = 92, 9

_SETTINGS: dict[str, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": "#666666",
    "axes.grid": True,
    "axes.labelcolor": "#222222",
    "axes.labelsize": 10,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "figure.dpi": 100,
    "font.family": ["DejaVu Sans"],
    "font.size": 10,
    "grid.color": "#E3E3E3",
    "grid.linewidth": 0.7,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "lines.linewidth": 2.0,
    "savefig.dpi": 144,
    # Names of clip paths would otherwise be random, and the same results would give other files.
    "svg.hashsalt": "fishpond",
    "svg.fonttype": "path",
    "xtick.color": "#444444",
    "ytick.color": "#444444",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw with the settings of this module, and leave the caller's as they were."""
    with mpl.rc_context():
        mpl.rcdefaults()
        for name, value in _SETTINGS.items():
            mpl.rcParams[name] = value  # type: ignore[index]
        yield


def ink_on(background: str) -> str:
    """Choose the colour of text on an area: white on dark ones."""
    red, green, blue = (int(background[start : start + 2], 16) for start in (1, 3, 5))
    return "white" if 0.299 * red + 0.587 * green + 0.114 * blue < 140 else "#222222"


def panel(rows: int = 1, columns: int = 1, height: float = _HEIGHT) -> tuple[Figure, list[Axes]]:
    """Open a figure of report width."""
    figure = Figure(figsize=(_WIDTH, height), layout="constrained")
    axes = figure.subplots(rows, columns, squeeze=False)
    return figure, list(axes.flat)


def days_axis(axes: Axes, horizon_days: float, label: str = "days from the start") -> None:
    """Put days on the horizontal axis."""
    axes.set_xlim(0, horizon_days)
    axes.set_xlabel(label)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=9, steps=[1, 2, 3, 5, 6, 7, 10], integer=True))


def money_axis(axes: Axes, label: str) -> None:
    """Put yuan on the vertical axis, in thousands and millions where they are."""
    axes.set_ylabel(label)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: yuan(value)))
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10]))


def count_axis(axes: Axes, label: str) -> None:
    """Put a number of things on the vertical axis, from zero."""
    axes.set_ylabel(label)
    axes.set_ylim(bottom=0)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: count(value)))


def key_above(figure: Figure, axes: Axes) -> None:
    """Put the key above the axes, where it covers no data."""
    handles, labels = axes.get_legend_handles_labels()
    if handles:
        figure.legend(handles, labels, loc="outside upper left", ncols=key_columns(labels))


def key_columns(labels: Sequence[str]) -> int:
    """Choose the columns of a key, so that its rows have room for all of them and are about equally full."""
    room = max(1, _ROW_LETTERS // (_SAMPLE_LETTERS + max(map(len, labels))))
    rows = -(-len(labels) // room)
    return -(-len(labels) // rows)
