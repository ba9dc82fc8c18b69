"""The page of a fit."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from experiments.calibrate.bg_nbd import NAMES
from experiments.calibrate.fitting import PRIOR_SD, Fitted
from experiments.calibrate.outcome import Outcome
from experiments.calibrate.words import CAVEAT, answer, per_cent
from experiments.figures import draw_calibration
from experiments.numbers import count, yuan
from experiments.pages import inline, records, unbroken, write_page
from experiments.provenance import provenance

__all__ = ["write_fit_page"]

_MISSING = "–"
_AMOUNTS = ("actual", "bg_nbd", "simulated", "standard_error", "low", "high")


def write_fit_page(folder: Path, fit: Fitted, found: Outcome, facts: list[tuple[str, str]], notes: list[str]) -> Path:
    """Draw the figures and write `report.html`.

    Parameters
    ----------
    folder
        Of the results.
    fit, found
        What was fitted, and how it compares.
    facts
        About where the data come from.
    notes
        Sentences of warning.
    """
    drawn = draw_calibration(found, fit, folder / "figures")
    software = provenance()
    commit = f", commit {software['commit']}" if software["commit"] else ""
    context: dict[str, Any] = {
        "title": f"Fit of a brand to its own orders, from {fit.data.start}",
        "answer": unbroken(answer(fit, found)),
        "caveat": unbroken(CAVEAT),
        "notes": notes,
        "holdout": [_shown(row) for row in records(found.holdout)],
        "parameters": [{name: _number(value) for name, value in row.items()} for row in records(fit.table)],
        "prior_sd": f"{PRIOR_SD:g}",
        "products": fit.spend.products,
        "currency": fit.currency,
        "names": list(NAMES),
        "figures": [{"name": name, "title": heading, "svg": inline(folder, name)} for name, heading in drawn],
        "definitions": [],
        "facts": [*facts, ("fishpond", f"{software['version']}{commit}")],
    }
    return write_page(folder, "calibrate.html.j2", context)


def _shown(row: dict[str, Any]) -> dict[str, str]:
    write = yuan if str(row["measure"]).startswith("value") else count
    amounts = {
        name: _MISSING if math.isnan(row[name]) else write(row[name])
        for name in ("actual", "bg_nbd", "simulated", "standard_error", "low", "high")
    }
    return {"measure": str(row["measure"]), **amounts} | {name: per_cent(row[name]) for name in ("bg_nbd_error", "simulated_error")}


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
