"""The page of an analysis of sensitivity."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.figures import draw_sensitivity
from experiments.figures.sensitivity import MOST_KEYS
from experiments.loaded import Loaded
from experiments.metrics import metric_of
from experiments.pages import facts, failures, inline, unbroken, write_page
from experiments.sensitivity.assumptions import Dependence, dependences_of, leader_of
from experiments.sensitivity.effects import Effect, effects_of
from experiments.sensitivity.indices import Index, Indices, indices_of
from experiments.sensitivity.results import SensitivityResults, Target
from experiments.sensitivity.words import CAVEAT, RANKING, amount, dependence_words, readings, title
from experiments.statistics import Interval
from experiments.strategies.words import file_name

__all__ = ["write"]

_CAPTIONS = {
    "tornado": "Each key alone, all others as configured: what comes out at both ends of its range, with 95 % intervals of the change on "
    "the same people; numbers at the bars are values of the key. On keys in bold the order depends.",
    "morris": "All keys together (Morris): the mean size of a key's effect over its whole range, wherever the others are, and how much "
    "that effect differs from place to place (interactions, bends). 95 % intervals over trajectories and replications.",
    "sobol": "All keys together (Sobol): the part of the variance that each key makes alone, and with all its interactions. 95 % intervals "
    "over base points and replications.",
}
_LABELS = {"mu_star": "mu*", "mu": "mu", "sigma": "sigma", "S1": "S1", "ST": "ST"}


def write(folder: Path) -> Path:
    """Draw the figures and write the page."""
    loaded = Loaded(folder)
    found = SensitivityResults(loaded)
    runs = found.runs.groupby("strategy").size()
    lines = [unbroken(line) for line in readings(found)]
    context: dict[str, Any] = {
        "title": title(found),
        "question": loaded.question,
        "readings": lines,
        "caveat": unbroken(CAVEAT),
        "failures": failures(loaded),
        "compared": len(found.strategies) > 1,
        "assumptions": [_assumption(found, own) for own in dependences_of(found)],
        "several": len(found.pairs) > 1,
        "blocks": [_block(found, target, folder) for target in found.main],
        "left_out": found.left_out,
        "definitions": [metric_of(found.metric.name)],
        "facts": facts(loaded, ", ".join(f"{name} {runs.get(name, 0)} runs at {len(found.points)} points" for name in found.strategies)),
    }
    return write_page(folder, "sensitivity.html.j2", context)


def _assumption(found: SensitivityResults, own: Dependence) -> dict[str, str]:
    note = found.note(own.key)
    return {
        "pair": own.target.label,
        "key": own.key,
        "meaning": note["meaning"],
        "now": found.with_unit(own.key, own.now.value),
        "leader": leader_of(found, own.target, own.now.outcome) or "undecided",
        "difference": _span(found, own.now.outcome, difference=True),
        "what": dependence_words(found, own),
        "there": _span(found, own.there.outcome, difference=True),
        "range": f"{note['low']:.4g} to {note['high']:.4g}".replace("-", "−"),
        "status": note["status"],
        "source": note["source"],
    }


def _block(found: SensitivityResults, target: Target, folder: Path) -> dict[str, Any]:
    suffix = f"_{file_name(target.strategy)}" if len(found.main) > 1 else ""
    drawn = draw_sensitivity(found, target, folder / "figures", suffix)
    effects = effects_of(found, target)
    indices = indices_of(found, target)
    names = [name for name in _LABELS if indices is not None and indices.of(name)]
    return {
        "title": target.label,
        "figures": [
            {
                "name": f"{name}{suffix}",
                "caption": unbroken(_CAPTIONS[found.method if name == "indices" else name]),
                "svg": inline(folder, f"{name}{suffix}"),
            }
            for name in drawn
        ],
        "cut": len(effects) > MOST_KEYS,
        "behind": "" if indices is None else _behind(found, indices),
        "index_names": [_LABELS[name] for name in names],
        "keys": [_row(found, target, effect, indices, names) for effect in _ranked(found, effects, indices)],
    }


def _ranked(found: SensitivityResults, effects: Sequence[Effect], indices: Indices | None) -> Sequence[Effect]:
    if indices is None:
        return effects
    order = list(indices.of(RANKING[found.method]))
    return sorted(effects, key=lambda effect: order.index(effect.key))


def _row(found: SensitivityResults, target: Target, effect: Effect, indices: Indices | None, names: list[str]) -> dict[str, Any]:
    difference = bool(target.baseline)
    low, high = effect.ends
    note = found.note(effect.key)
    return {
        "key": effect.key,
        "unit": note["unit"],
        "status": note["status"],
        "now": f"{effect.now.value:.4g}",
        "ends": [
            {
                "at": f"{place.value:.4g}",
                "change": _span(found, place.effect, difference=True),
                "out": _shown(found, place.outcome.mean, difference=difference),
            }
            for place in (low, high)
        ],
        "indices": [_index(found, indices.of(name)[effect.key]) for name in names] if indices is not None else [],
    }


def _index(found: SensitivityResults, row: Index) -> dict[str, str]:
    if found.method == "sobol":
        return {"value": f"{row.value:.2f}".replace("-", "−"), "span": f"{row.low:.2f} to {row.high:.2f}".replace("-", "−")}
    return {
        "value": _shown(found, row.value, difference=True),
        "span": f"{_shown(found, row.low, difference=True)} to {_shown(found, row.high, difference=True)}",
    }


def _behind(found: SensitivityResults, indices: Indices) -> str:
    what = "trajectories" if found.method == "morris" else "base points"
    missing = f" ({indices.missing} more could not be used: runs of theirs are missing)" if indices.missing else ""
    luck = ""
    if not pd.isna(indices.noise_share):
        luck = f" Luck makes {100 * indices.noise_share:.0f} % of the variance between points."
    return unbroken(f"Indices of {indices.blocks} {what}{missing}, each point the mean of {indices.replications} replications.{luck}")


def _span(found: SensitivityResults, interval: Interval, *, difference: bool) -> str:
    value = amount(interval.mean, found.metric, difference=difference)
    if interval.replications < 2:
        return value
    return f"{value} ({_shown(found, interval.low, difference=difference)} to {_shown(found, interval.high, difference=difference)})"


def _shown(found: SensitivityResults, value: float, *, difference: bool) -> str:
    """Write a value without its unit."""
    return amount(value, found.metric, difference=difference).removesuffix(" yuan").removesuffix(" days").removesuffix(" points")
