"""A row of the evidence: published against simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from experiments.figures.style import key_above, panel
from experiments.validate.drawing import draw_checks
from experiments.validate.row import Row

if TYPE_CHECKING:
    from experiments.validate.outcome import Judged

__all__ = ["evidence"]

_INCHES_A_CHECK = 0.3


def evidence(judged: Judged) -> Figure | None:
    """Draw a row as it wants to be drawn, or else its checks; None for a row that could not be judged."""
    row = judged.row
    if judged.found is None or not isinstance(row, Row):
        return None
    if row.draw is None:
        figure, (axes, *_) = panel(height=1.4 + _INCHES_A_CHECK * len(judged.checks))
        draw_checks(axes, judged.checks)
    else:
        figure, (axes, *_) = panel()
        row.draw(axes, judged.found)
    key_above(figure, axes)
    return figure
