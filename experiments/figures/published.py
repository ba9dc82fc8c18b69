"""Figures of the calibration of behaviour: what the facts left of each prior, and where the draws put the facts."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from experiments.calibrate.published.outcome import DISTANCE, Calibration
from experiments.figures.style import key_above, panel

__all__ = ["facts", "posterior"]

_PRIOR, _DRAWS, _CENTRE = "#999999", "#D55E00", "#0072B2"
_COLUMNS, _BINS = 4, 24


def posterior(found: Calibration) -> Figure:
    """Draw how the draws of each parameter lie within its prior, which is flat, and the centre."""
    free = [own for fit in found.fits for own in fit.block.free]
    rows = -(-len(free) // _COLUMNS)
    figure, panels = panel(rows, _COLUMNS, height=0.5 + 1.5 * rows)
    for axes, own in zip(panels, free, strict=False):
        shares = np.linspace(0.0, 1.0, _BINS + 1)
        edges = np.array([own.prior.at(float(share)) for share in shares])
        heights, _ = np.histogram(found.draws[own.key], bins=edges)
        axes.stairs(heights * _BINS / len(found.draws), edges, fill=True, color=_DRAWS, alpha=0.6, label="posterior")
        axes.axhline(1.0, color=_PRIOR, linewidth=1.2, label="prior")
        axes.axvline(found.values[own.key], color=_CENTRE, linestyle="--", linewidth=1.4, label="centre")
        axes.set_xscale(own.prior.scale)
        axes.set_xlabel(own.name, fontsize=8)
        axes.set_xticks([own.prior.at(share) for share in (0.0, 0.5, 1.0)], [f"{own.prior.at(share):.3g}" for share in (0.0, 0.5, 1.0)])
        axes.minorticks_off()
        axes.tick_params(labelsize=7)
        axes.set_yticks([])
    for axes in panels[len(free) :]:
        axes.remove()
    key_above(figure, panels[0])
    return figure


def facts(found: Calibration) -> Figure:
    """Draw where the draws put each fact, in half widths of its tolerance, and the centre."""
    labels = [fact for fit in found.fits for fact in fit.facts]
    figure, (axes,) = panel(height=1.2 + 0.4 * len(labels))
    for place, fact in enumerate(reversed(labels)):
        draws = found.draws[f"{DISTANCE}{fact.label}"]
        low, high = draws.quantile([0.025, 0.975])
        axes.plot(
            [low, high], [place, place], color=_DRAWS, linewidth=5, alpha=0.5, label="95 % of draws, as emulated" if not place else None
        )
        check = next(own for own in found.joint[fact.row] if own.name == fact.name)
        ends = [float(fact.distance(value)) for value in (check.simulated.mean, check.simulated.low, check.simulated.high)]
        axes.errorbar(
            [ends[0]],
            [place],
            xerr=[[ends[0] - ends[1]], [ends[2] - ends[0]]],
            fmt="o",
            color=_CENTRE,
            capsize=3,
            label="the centre, simulated" if not place else None,
        )
    for edge in (-1.0, 1.0):
        axes.axvline(edge, color="#444444", linewidth=1.0, linestyle=":")
    axes.set_yticks(range(len(labels)), [fact.label for fact in reversed(labels)], fontsize=8)
    axes.set_xlabel("distance from the middle of what is taken (half widths)")
    key_above(figure, axes)
    return figure
