"""The page of the evidence: a figure a row, published against simulated."""

from __future__ import annotations

from math import isnan
from pathlib import Path
from typing import Any

from experiments.figures import draw_evidence
from experiments.pages import inline, session_facts, unbroken, write_page
from experiments.validate.evidence import Planned
from experiments.validate.outcome import Judged, summed_up
from experiments.validate.row import Check
from experiments.validate.settings import ValidateSettings

__all__ = ["PAGE", "write"]

PAGE = "validation.html"
_USES = {
    "exact": "theory: a closed form",
    "C": "may be calibrated on",
    "V": "a prediction: never calibrated on",
    "trap": "a naive analysis must go wrong, as in reality",
    "band": "what practitioners report",
    "null": "must be nothing",
    "flip": "shown, not judged by a direction",
}


def write(folder: Path, judged: list[Judged], settings: ValidateSettings, seconds: float) -> Path:
    """Draw the figures and write the page.

    Parameters
    ----------
    folder
        Where it goes.
    judged
        The rows in the order of the page.
    settings
        What was asked for.
    seconds
        How long the runs took.
    """
    for one in judged:
        draw_evidence(one, folder / "figures")
    context: dict[str, Any] = {
        "title": "Evidence: published against simulated",
        "reading": unbroken(summed_up(judged)),
        "size": settings.size,
        "rows": [_row(one, folder) for one in judged],
        "uses": [(use, words) for use, words in _USES.items() if any(one.row.use == use for one in judged)],
        "definitions": [],
        "facts": [*session_facts(), ("seed", str(settings.seed)), ("size", settings.size), ("time", f"{seconds:.0f} s")],
    }
    return write_page(folder, "validation.html.j2", context, PAGE)


def _row(judged: Judged, folder: Path) -> dict[str, Any]:
    row = judged.row
    return {
        "number": row.number,
        "name": row.name,
        "use": row.use,
        "title": row.title,
        "source": row.source,
        "verdict": judged.verdict,
        "target": "" if isinstance(row, Planned) else unbroken(row.target),
        "means": "" if isinstance(row, Planned) else unbroken(row.means),
        "failures": judged.failures,
        "runs": judged.found.number if judged.found else 0,
        "checks": [_check(check) for check in judged.checks],
        "svg": inline(folder, row.name) if judged.found is not None else "",
    }


def _check(check: Check) -> dict[str, str]:
    simulated = check.simulated
    span = f"{simulated.low:.4g} to {simulated.high:.4g}" if simulated.replications > 1 else ""
    return {
        "name": check.name,
        "target": "" if isnan(check.target) else f"{check.target:.4g}",
        "takes": f"{check.low:.4g} to {check.high:.4g}",
        "simulated": f"{simulated.mean:.4g}",
        "interval": span,
        "verdict": check.verdict,
    }
