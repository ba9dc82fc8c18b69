"""The life of one member as a timeline: what they did, what they felt, and how near they came to leaving."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.ticker import MaxNLocator

from experiments.biographies.life import CAUSES, Floats, Life
from experiments.biographies.words import ending, in_numbers, on_day, reason, who
from experiments.figures.style import CAUSE_COLOURS, days_axis
from experiments.looks import looks
from experiments.numbers import count, yuan

__all__ = ["timeline"]

_WIDTH, _HEIGHT = 8.4, 8.9
#: Letters of a line below the title.
_LETTERS = 124
_INK, _PALE = "#333333", "#888888"
_BLUE, _GREEN, _RED, _ORANGE, _PINK = "#0072B2", "#009E73", "#D55E00", "#E69F00", "#CC79A7"
_OUTSIDE = "#F1F1F1"
_NONE = "–"


@dataclass(frozen=True)
class _Row:
    """One named line of marks: days, sizes of the marks in points squared, and what stands at its right end."""

    label: str
    days: Floats
    note: str
    marker: str = "o"
    colour: str = _INK
    sizes: Floats | float = 26.0


def timeline(life: Life) -> Figure:
    """Draw the biography of one member.

    Parameters
    ----------
    life
        The member's events and states.

    Returns
    -------
    Figure
        Four panels over the same days: events, irritation, states that bind, and what leaving has cost.
    """
    figure = Figure(figsize=(_WIDTH, _HEIGHT), layout="constrained")
    panels = figure.subplots(4, 1, sharex=True, height_ratios=(3.1, 1.3, 1.3, 1.3))
    _head(figure, life)
    _events(panels[0], life)
    _irritation(panels[1], life)
    _bonds(panels[2], life)
    _leaving(panels[3], life)
    for axes in panels:
        _shade_outside(axes, life)
        axes.tick_params(labelsize=9)
        axes.yaxis.label.set_fontsize(9)
    days_axis(panels[-1], life.horizon_days)
    figure.align_ylabels(panels[1:])
    return figure


def _head(figure: Figure, life: Life) -> None:
    lines = [line for text in (in_numbers(life), ending(life)) for line in textwrap.wrap(text, _LETTERS)]
    figure.text(0.012, 0.988, who(life), fontsize=12, weight="bold", va="top")
    figure.text(0.012, 0.962, "\n".join(lines), fontsize=9, color=_INK, va="top", linespacing=1.35)
    engine = figure.get_layout_engine()
    assert isinstance(engine, ConstrainedLayoutEngine)
    engine.set(rect=(0.0, 0.0, 1.0, 0.955 - 0.0195 * len(lines)))


# ---- what the member did ------------------------------------------------------------------------------------------------


def _events(axes: Axes, life: Life) -> None:
    rows = list(_rows(life))
    labels = ["in the group", "sessions", "messages read", *(row.label for row in rows)]
    notes = [_stay(life), count(life.total("sessions")), count(life.total("messages_read")), *(row.note for row in rows)]
    _draw_stay(axes, life, 0.0)
    _draw_sessions(axes, life, 1.0, 2.0)
    for place, row in enumerate(rows, start=3):
        axes.scatter(
            row.days,
            np.full(len(row.days), place),
            s=row.sizes,
            marker=row.marker,
            color=row.colour,
            alpha=0.75,
            linewidths=0,
            clip_on=False,
        )
    axes.set_yticks(range(len(labels)), labels)
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    for place, note in enumerate(notes):
        axes.text(1.018, place, note, transform=axes.get_yaxis_transform(), fontsize=9, color=_PALE if note == _NONE else _INK, va="center")
    _name_the_exit(axes, life, labels.index("left"))


def _rows(life: Life) -> Iterator[_Row]:
    wrote, claimed = life.gained("written"), life.gained("claims") > 0
    yield _Row("wrote", life.days[wrote > 0], _number(life.total("written")), "d", _BLUE, 20.0)
    taken = life.total("claimed_yuan") + life.total("received_yuan")
    packets = f"{_number(life.total('claims'))}, {yuan(taken)} yuan" if claimed.any() else _NONE
    yield _Row("claimed a red packet", life.days[claimed], packets, "s", _RED, 20.0)
    kinds = (
        ("need", "bought from need", "o"),
        ("offer", "bought at an offer", "^"),
        ("limited", "bought limited stock", "*"),
        ("service", "bought in a conversation", "s"),
    )
    for kind, label, marker in kinds:
        days, paid = life.bought(kind)
        note = f"{len(days)} for {yuan(float(paid.sum()))} yuan" if len(days) else _NONE
        yield _Row(label, days, note, marker, _GREEN, np.clip(20.0 + 0.3 * paid, 20.0, 200.0))
    invited, came = life.gained("invitations") > 0, int(life.total("referred"))
    note = f"{int(life.total('invitations'))}, {came or 'nobody'} came" if invited.any() else _NONE
    yield _Row("invited", life.days[invited], note, ">", _PINK)
    yield _Row("muted", _once(life.muted_day), _when(life.muted_day), "X", _ORANGE, 45.0)
    yield _Row("left", _once(life.left_day), _when(life.left_day), "X", "#000000", 45.0)
    yield _Row("lapsed as a customer", life.lapses, _when(*life.lapses), "v", _PALE, 40.0)
    yield _Row("won back", life.returns, _when(*life.returns), "^", _GREEN, 40.0)


def _draw_stay(axes: Axes, life: Life, place: float) -> None:
    """Draw membership as a bar, pale from the day on which the group was muted."""
    if life.joined_day is None:
        return
    end = life.horizon_days if life.left_day is None else life.left_day
    muted = end if life.muted_day is None else life.muted_day
    axes.barh(place, muted - life.joined_day, left=life.joined_day, height=0.45, color=_BLUE, linewidth=0)
    axes.barh(place, end - muted, left=muted, height=0.45, color="#A6CBE3", linewidth=0)


def _draw_sessions(axes: Axes, life: Life, place: float, below: float) -> None:
    """Draw each session as a tick, and below it how much was read in it."""
    had = life.gained("sessions") > 0
    read = np.where(had, life.gained("messages_read"), 0.0)
    axes.vlines(life.days[had], place - 0.3, place + 0.3, colors=_PALE, linewidths=0.6, alpha=_faint(int(had.sum())))
    some = read > 0
    if some.any():
        heights = 0.9 * np.sqrt(read[some] / read.max())
        axes.vlines(life.days[some], below + 0.42 - heights, below + 0.42, colors=_BLUE, linewidths=0.7)


def _faint(many: int) -> float:
    """Let many ticks be faint, so that where they are dense can still be seen."""
    return float(np.clip(250.0 / max(many, 1), 0.15, 1.0))


def _name_the_exit(axes: Axes, life: Life, place: int) -> None:
    if life.left_day is None:
        return
    late = life.left_day > 0.5 * life.horizon_days
    offset = (-7, 0) if late else (7, 0)
    axes.annotate(
        f"{life.cause}: {reason(life.cause)}",
        (life.left_day, place),
        xytext=offset,
        textcoords="offset points",
        ha="right" if late else "left",
        va="center",
        fontsize=9,
    )


def _stay(life: Life) -> str:
    if life.joined_day is None:
        return "never"
    return f"from {on_day(life.joined_day)}" + ("" if life.left_day is None else f" to {np.floor(life.left_day):.0f}")


def _number(value: float) -> str:
    return count(value) if value else _NONE


def _once(day: float | None) -> Floats:
    return np.array([] if day is None else [day])


def _when(*days: float | None) -> str:
    found = [f"{np.floor(day):.0f}" for day in days if day is not None]
    return f"day {', '.join(found)}" if found else _NONE


# ---- what the member felt -----------------------------------------------------------------------------------------------


def _irritation(axes: Axes, life: Life) -> None:
    """Draw irritating messages a week as they are remembered, against what the member tolerates."""
    fast, slow = life.state("fatigue_fast"), life.state("fatigue_slow")
    axes.plot(life.days, fast, color="#56B4E9", linewidth=0.9, label="remembered fast")
    axes.plot(life.days, slow, color=_BLUE, linewidth=1.5, linestyle="--", label="remembered slowly")
    if life.fast_weight is not None:
        felt = life.fast_weight * fast + (1.0 - life.fast_weight) * slow
        axes.plot(life.days, felt, color="#000000", linewidth=1.5, label="felt (both)")
    peak = float(max(fast.max(), slow.max()))
    tolerance = float(life.person.get("tolerance_per_week", np.nan))
    if tolerance <= 1.6 * peak or not peak:
        axes.axhline(tolerance, color=_RED, linewidth=1.5, linestyle="-.", label=f"tolerance {tolerance:.3g}")
        peak = max(peak, tolerance)
    elif np.isfinite(tolerance):
        axes.plot([], [], color=_RED, linewidth=1.5, linestyle="-.", label=f"tolerance {tolerance:.3g},\nabove the panel")
    axes.set_ylim(0, 1.06 * peak or 1.0)
    axes.set_ylabel("irritating\nmessages a week")
    _key_beside(axes)


def _bonds(axes: Axes, life: Life) -> None:
    """Draw trust, desire, belonging and habit."""
    names = {"trust": "trust", "desire": "desire", "belonging": "belonging", "habit_most": "habit (strongest)"}
    styles = looks(list(names))
    for name, label in names.items():
        axes.plot(life.days, life.state(name), **{**styles[name], "linewidth": 1.5}, label=label)
    top = max(1.0, float(life.state("desire").max()))
    axes.set_ylim(0, 1.04 * top)
    axes.set_ylabel("what binds\n(0 to 1; desire more)" if top > 1 else "what binds\n(0 to 1)")
    _key_beside(axes)


def _leaving(axes: Axes, life: Life) -> None:
    """Stack what leaving has cost so far by cause, in per cent of what makes this member leave."""
    axes.set_ylabel("spent on leaving,\n% of the budget")
    if not life.spent:
        axes.set_ylim(0, 100)
        axes.text(0.5, 0.5, "never a member", transform=axes.transAxes, ha="center", va="center", color=_PALE)
        return
    shares = 100.0 * np.array([life.spent[cause] for cause in CAUSES])
    total = shares.sum(axis=0)
    areas = axes.stackplot(life.days, shares, colors=CAUSE_COLOURS, linewidth=0)
    peak = float(total[-1])
    if peak > 40:
        axes.axhline(100, color="#000000", linewidth=1.2, linestyle="--")
        axes.set_ylim(0, max(108.0, 1.04 * peak))
    else:
        axes.set_ylim(0, max(1.35 * peak, 1.0))
    shown = [n for n in reversed(range(len(CAUSES))) if shares[n, -1] >= 0.005 * peak]
    axes.legend([areas[n] for n in shown], [CAUSES[n] for n in shown], **_BESIDE, title="leaves at 100 %")
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))


#: Where keys stand: right of the axes, where they cover no data.
_BESIDE: dict[str, Any] = {
    "loc": "upper left", "bbox_to_anchor": (1.0, 1.03), "borderaxespad": 0.3, "fontsize": 9, "handlelength": 1.7, "labelspacing": 0.35,
    "title_fontsize": 9, "alignment": "left",
}  # fmt: skip


def _key_beside(axes: Axes) -> None:
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5))
    axes.legend(**_BESIDE)


def _shade_outside(axes: Axes, life: Life) -> None:
    """Shade the days on which the member was in no group."""
    spans = [(0.0, life.joined_day if life.joined_day is not None else life.horizon_days)]
    if life.left_day is not None:
        spans.append((life.left_day, life.horizon_days))
    for start, end in spans:
        if end > start:
            axes.axvspan(start, end, color=_OUTSIDE, linewidth=0, zorder=0)
