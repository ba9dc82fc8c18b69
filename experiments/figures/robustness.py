"""Uncertain worlds: how far arms are apart in each, and over which key the lead turns."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from scipy import stats

from experiments.figures.style import key_above, panel
from experiments.looks import looks
from experiments.metrics import Metric, metric_of
from experiments.numbers import count, yuan
from experiments.robustness.results import Robustness
from experiments.sweep.levels import shortened

__all__ = ["robustness_figure"]

_KEYS = 4


def robustness_figure(found: Robustness, worlds: pd.DataFrame) -> Figure:
    """Draw the difference in every world, sorted, then over the keys that it follows most.

    Parameters
    ----------
    found
        The worlds.
    worlds
        Their table.
    """
    metric = metric_of(found.metric)
    colours = {name: look.colour for name, look in looks(found.strategies).items()}
    numeric = [key for key in found.keys if pd.api.types.is_numeric_dtype(worlds[key])]
    ranked = sorted(numeric, key=lambda key: -abs(_followed(worlds, key)))[:_KEYS]
    rows = 1 + -(-len(ranked) // 2)
    figure, axes = panel(rows, 2, height=0.8 + 2.5 * rows)
    first, spare, *others = axes
    spare.remove()
    first.set_subplotspec(first.get_subplotspec().get_gridspec()[0, :])  # type: ignore[union-attr]
    ordered = worlds.sort_values("difference", kind="stable", ignore_index=True)
    for name in found.strategies:
        own = ordered[ordered["leader"] == name]
        sure = own[own["decided"]]
        unsure = own[~own["decided"]]
        first.bar(sure.index, sure["difference"], width=0.9, color=colours[name], label=f"{name} leads")
        first.bar(unsure.index, unsure["difference"], width=0.9, color=colours[name], alpha=0.35)
    baseline, *rest = found.strategies
    other = rest[0] if len(rest) == 1 else "the best other"
    first.set_ylabel(f"{other} − {baseline}\n{_label(metric)}")
    first.set_xlabel("worlds, by the difference (pale: not decided)")
    first.set_xticks([])
    first.axhline(0, color="#444444", linewidth=1.0)
    _value_axis(first, metric)
    for place, (panel_of_key, key) in enumerate(zip(others, ranked, strict=False)):
        for name in found.strategies:
            own = worlds[worlds["leader"] == name]
            panel_of_key.plot(own[key], own["difference"], "o", color=colours[name], markersize=4)
        panel_of_key.axhline(0, color="#444444", linewidth=1.0)
        panel_of_key.set_xlabel(f"{shortened(key, found.keys)}{f' ({found.found.unit(key)})' if found.found.unit(key) else ''}")
        panel_of_key.set_ylabel("difference" if place % 2 == 0 else "")
        panel_of_key.xaxis.set_major_locator(MaxNLocator(nbins=6))
        _value_axis(panel_of_key, metric)
    for panel_of_key in others[len(ranked) :]:
        panel_of_key.remove()
    key_above(figure, first)
    return figure


def _followed(worlds: pd.DataFrame, key: str) -> float:
    """Say how closely the difference follows a key: Spearman's correlation of ranks."""
    if worlds[key].nunique() < 2 or worlds["difference"].nunique() < 2:
        return 0.0
    found = stats.spearmanr(worlds[key].to_numpy(dtype=np.float64), worlds["difference"].to_numpy(dtype=np.float64))
    return float(found.statistic)


def _value_axis(axes: Axes, metric: Metric) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    shown = {"yuan": yuan, "share": lambda value: f"{100 * value:.3g} %", "count": count, "days": count}
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: shown.get(metric.unit, lambda own: f"{own:.3g}")(value)))


def _label(metric: Metric) -> str:
    return f"{metric.label} (yuan)" if metric.unit == "yuan" else metric.label
