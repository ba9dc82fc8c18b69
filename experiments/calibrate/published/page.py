"""The page of the calibration of behaviour."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from experiments.calibrate.published.files import CAVEAT, answer
from experiments.calibrate.published.outcome import NARROWED, PINNED, Calibration
from experiments.figures import draw_published
from experiments.pages import inline, records, session_facts, unbroken, write_page

__all__ = ["write_published_page"]

_STRONG, _MOST_PAIRS = 0.3, 12
#: R-hat beyond which draws are not to be trusted, and how surprised an emulator may be.
_R_HAT, _SURPRISE = 1.05, 1.5


def write_published_page(folder: Path, found: Calibration, command: str) -> Path:
    """Draw the figures and write `report.html`.

    Parameters
    ----------
    folder
        Of the results.
    found
        What was found.
    command
        That makes it again.
    """
    drawn = draw_published(found, folder / "figures")
    parameters, facts, pairs = found.parameters(), found.facts(), found.correlations()
    strong = pairs[pairs["correlation"].abs() >= _STRONG].head(_MOST_PAIRS)
    context: dict[str, Any] = {
        "title": "Calibration of behaviour on published facts",
        "answer": unbroken(answer(found)),
        "caveat": unbroken(CAVEAT),
        "notes": _notes(found),
        "facts_table": [_shown(row) for row in records(facts)],
        "parameters": [_shown(row) | {"share": f"{100 * row['spread_left']:.0f}"} for row in records(parameters)],
        "pairs": [_shown(row) for row in records(strong)],
        "pinned": f"{100 * PINNED:.0f}",
        "narrowed": f"{100 * NARROWED:.0f}",
        "strong": f"{_STRONG:g}",
        "figures": [{"name": name, "title": heading, "svg": inline(folder, name)} for name, heading in drawn],
        "definitions": [],
        "facts": [*session_facts(), ("command", command)],
    }
    return write_page(folder, "published.html.j2", context)


def _notes(found: Calibration) -> list[str]:
    """Say what is not to be trusted."""
    notes = []
    for fit, centre in zip(found.fits, found.centres, strict=True):
        if not centre.passes:
            notes.append(
                f"{fit.block.name}: none of the {centre.tried} sets that were tried passes; the one that misses least is the centre."
            )
        if float(fit.draws.r_hat().max()) > _R_HAT:
            notes.append(
                f"{fit.block.name}: the chains do not agree (R-hat above {_R_HAT}): take more points, and its spread for too small."
            )
        notes += [
            f"{fact.label}: the emulator was wrong by {surprise:.1f} times what it expected at runs that it had not seen; take more points."
            for fact, surprise in zip(fit.facts, fit.surprise, strict=True)
            if surprise > _SURPRISE
        ]
    return notes


def _shown(row: dict[str, Any]) -> dict[str, str]:
    return {name: ("–" if math.isnan(value) else f"{value:.3g}") if isinstance(value, float) else str(value) for name, value in row.items()}
