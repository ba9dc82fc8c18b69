"""The page of a fit."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.calibrate.bg_nbd import NAMES
from experiments.calibrate.community import summary
from experiments.calibrate.fitting import PRIOR_SD, Fitted
from experiments.calibrate.outcome import Outcome
from experiments.calibrate.people import Numbers
from experiments.calibrate.words import CAVEAT, answer, community_caveat, per_cent
from experiments.figures import draw_calibration, draw_own_community
from experiments.numbers import count, yuan
from experiments.pages import inline, records, unbroken, write_page
from experiments.provenance import provenance

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["write_fit_page"]

_MISSING = "–"
_AMOUNTS = ("actual", "bg_nbd", "simulated", "standard_error", "low", "high")


def write_fit_page(
    folder: Path,
    fit: Fitted,
    found: Outcome,
    community: pd.DataFrame | None,
    strategy: str,
    facts: list[tuple[str, str]],
    notes: list[str],
) -> Path:
    """Draw the figures and write `report.html`.

    Parameters
    ----------
    folder
        Of the results.
    fit, found
        What was fitted, and how it compares.
    community
        Curves of the community beside those of the simulated one; None where the data tell of none.
    strategy
        Of the simulated one.
    facts
        About where the data come from.
    notes
        Sentences of warning.
    """
    drawn = draw_calibration(found, fit, folder / "figures")
    apart = [] if community is None else draw_own_community(community, folder / "figures")
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
        "community": [] if community is None else [_told(*row) for row in summary(community)],
        "community_caveat": community_caveat(strategy),
        "community_figures": [{"name": name, "title": heading, "svg": inline(folder, name)} for name, heading in apart],
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


def _told(name: str, values: Numbers) -> dict[str, str]:
    shown = ("–" if math.isnan(value) else f"{value:.3g}" for value in values)
    return {"measure": name, **dict(zip(("actual", "simulated", "low", "high"), shown, strict=True))}


def _number(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
