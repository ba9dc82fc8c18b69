"""A plan as a calendar: a row for each item with a mark for every occasion, campaigns as spans, festivals as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MultipleLocator

from experiments.figures.letters import can_be_drawn, families
from experiments.figures.style import days_axis
from experiments.strategies.plan import Campaign, Item, Plan
from experiments.strategies.words import one_line

__all__ = ["calendar"]

_WIDTH, _ROW, _REST = 8.4, 0.27, 1.55
_PALE, _INK = "#888888", "#333333"
_SPANS = ("#DCE9F3", "#FBE6CF", "#DDEFE7", "#F3E1EC", "#EEEEEE")
_LONGEST = 34
_KEY = "how far an item sells, by its parameter commercial"
#: Up to which share, and how it is drawn.
_SELLING = (
    (0.3, "little (up to 0.3)", "o", "#0072B2"),
    (0.7, "in part (to 0.7)", "D", "#E69F00"),
    (1.0, "mostly (above 0.7)", "^", "#D55E00"),
)
_SAYS_NOTHING = ("has no such parameter", "s", "#666666")
#: Marks get thinner where there are more of them than this.
_MANY = 45


@dataclass(frozen=True)
class _Row:
    """A line of the calendar: an item, or the name of a campaign above its items."""

    label: str
    note: str = ""
    item: Item | None = None
    campaign: Campaign | None = None
    lasts: bool = False


def calendar(plan: Plan) -> Figure | None:
    """Draw when a plan does what; None where nothing of it has an occasion.

    Steps of journeys have none of their own: they follow on what happens to people.
    """
    rows = list(_rows(plan))
    if not any(row.item.hours for row in rows if row.item):
        return None
    figure = Figure(figsize=(_WIDTH, _REST + _ROW * len(rows)), layout="constrained")
    axes = figure.subplots()
    fonts = families([text for row in rows for text in (row.label, row.note)] + [one_line(name) for name in plan.festivals])
    for place, row in enumerate(rows):
        if row.campaign:
            last = place + sum(max(1, len(phase.items)) for phase in row.campaign.phases)
            _spans(axes, row.campaign, place, last, plan.horizon_days, fonts)
        elif row.item:
            _marks(axes, row.item, place)
            if row.lasts:
                axes.hlines(place, row.item.hours[0] / 24.0, plan.horizon_days, colors=_look(row.item)[2], linewidths=1.5, alpha=0.5)
    _festivals(axes, plan, fonts)
    _labels(axes, rows, fonts)
    days_axis(axes, plan.horizon_days, "days from the start (grid lines: Mondays)")
    _weeks(axes, plan)
    _key(figure, rows)
    return figure


def _rows(plan: Plan) -> Iterator[_Row]:
    """List the programme, those items first that come every week, then every campaign with its items in their phases."""
    for item in (*plan.weekly, *plan.others):
        lasts = plan.lasts(item)
        yield _Row(item.name, f"{item.kind}, from then on" if lasts else _note(item), item, lasts=lasts)
    for campaign in plan.campaigns:
        yield _Row(campaign.name, f"{len(campaign.begins)} × {sum(phase.days for phase in campaign.phases)} days", campaign=campaign)
        for phase in campaign.phases:
            for item in phase.items:
                yield _Row(f"{phase.name}: {item.path[-1]}", _note(item), item)
            if not phase.items:
                yield _Row(f"{phase.name}: pause")


def _note(item: Item) -> str:
    return f"{item.kind}, {len(item.hours)} ×"


def _marks(axes: Axes, item: Item, place: int) -> None:
    _, marker, colour = _look(item)
    size = 30.0 if len(item.hours) <= _MANY else 12.0
    hours = [hour / 24.0 for hour in item.hours]
    axes.scatter(hours, [place] * len(hours), s=size, marker=marker, color=colour, linewidths=0, zorder=3, clip_on=False)


def _look(item: Item) -> tuple[str, str, str]:
    commercial = item.values.get("commercial")
    if not isinstance(commercial, (int, float)):
        return _SAYS_NOTHING
    return next(((words, marker, colour) for most, words, marker, colour in _SELLING if commercial <= most), _SAYS_NOTHING)


def _spans(axes: Axes, campaign: Campaign, first: int, last: int, horizon_days: float, fonts: Sequence[str]) -> None:
    """Shade the phases of every round behind the rows of a campaign, and name them where there is room."""
    per_day = 68.0 / horizon_days  # letters
    for nth, phase in enumerate(campaign.phases):
        for begin_h in phase.begins:
            left = begin_h / 24.0
            right = min(left + phase.days, horizon_days)
            axes.fill_between([left, right], first - 0.5, last + 0.5, color=_SPANS[nth % len(_SPANS)], linewidth=0, zorder=0.5)
            if len(phase.name) < per_day * (right - left) and can_be_drawn(phase.name, fonts):
                axes.text((left + right) / 2, first, phase.name, fontsize=7.5, color=_INK, **_middle(fonts))


def _middle(fonts: Sequence[str]) -> dict[str, Any]:
    # Names are texts: none of them is a formula.
    return {"ha": "center", "va": "center", "fontfamily": list(fonts), "parse_math": False}


def _festivals(axes: Axes, plan: Plan, fonts: Sequence[str]) -> None:
    for name, days in plan.festivals.items():
        label = one_line(name)
        for day in days:
            axes.axvline(day + 0.5, color="#CC79A7", linewidth=1.2, linestyle="--", zorder=1)
            text = label if can_be_drawn(label, fonts) else f"day {day}"
            axes.text(day + 0.5, -0.75, text, fontsize=8, color="#A0447A", **{**_middle(fonts), "va": "bottom"})


def _labels(axes: Axes, rows: Sequence[_Row], fonts: Sequence[str]) -> None:
    axes.set_yticks(
        range(len(rows)),
        [_label(row, place, fonts) for place, row in enumerate(rows)],
        fontfamily=list(fonts),
        parse_math=False,
        fontsize=9,
    )
    for tick, row in zip(axes.get_yticklabels(), rows, strict=True):
        tick.set_fontweight("bold" if row.campaign else "normal")
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(visible=False, axis="y")
    for place, row in enumerate(rows):
        axes.text(1.015, place, row.note, transform=axes.get_yaxis_transform(), fontsize=8, color=_PALE, va="center", parse_math=False)


def _label(row: _Row, place: int, fonts: Sequence[str]) -> str:
    """Return the name of a row, cut; one that no font of this machine can write is told by its number and time."""
    name = one_line(row.label)
    if not can_be_drawn(name, fonts):
        name = f"({place + 1}) {row.item.values.get('when', '') if row.item else 'campaign'}"
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _weeks(axes: Axes, plan: Plan) -> None:
    """Draw lines at Mondays, as far as there are few enough to be told apart."""
    if plan.horizon_days > 7 * 60:
        return
    monday = -plan.begins_day % 7
    axes.xaxis.grid(visible=False, which="major")
    axes.xaxis.set_minor_locator(MultipleLocator(7, offset=monday))
    axes.xaxis.grid(visible=True, which="minor", color="#E3E3E3", linewidth=0.7)
    axes.tick_params(axis="x", which="minor", length=0)


def _key(figure: Figure, rows: Sequence[_Row]) -> None:
    there = {_look(row.item) for row in rows if row.item and row.item.hours}
    known = [(words, marker, colour) for _, words, marker, colour in _SELLING]
    looks = [look for look in (*known, _SAYS_NOTHING) if look in there]
    handles = [Line2D([], [], marker=marker, color=colour, linestyle="none", markersize=6, label=words) for words, marker, colour in looks]
    figure.legend(handles=handles, loc="outside upper left", ncols=len(handles), fontsize=9, title=_KEY, title_fontsize=9, alignment="left")
