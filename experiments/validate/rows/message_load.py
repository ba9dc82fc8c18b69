"""Row 13: the effect of 30 % more messages on reading grows for months."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from experiments.statistics import Interval
from experiments.validate.drawing import SIMULATED
from experiments.validate.programmes import programme
from experiments.validate.row import Check, Found, Lines, Measures, Numbers, Row, Size, Unit, between

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim import Scenario

__all__ = ["ROW", "effects", "turning_month"]

_STRATEGY = "fish_raising"
_MONTHS, _MONTH_DAYS = 21, 30
_PEOPLE = 200
#: Members of day 0 who are followed in a run.
_FOLLOWED = 50
_REPLICATIONS = {"quick": 5, "full": 80}
#: The small effect of the first month needs many more people, who need only be followed for a month: all of them.
_FIRST_REPLICATIONS = {"quick": 90, "full": 300}
#: Three more of every ten of each item for the whole group, five minutes after one of its own: as in the experiment, what is met at an
#: occasion is more, and not the occasions: nor do they ring. Else more messages would make more sessions in which there is something to
#: read.
_MORE = {
    "morning_tip": ("every 14 days 10:05 from day 0", "every 70 days 10:05 from day 3"),
    "story": ("every 14 days 12:35 from day 1", "every 70 days 12:35 from day 5"),
    "fun": ("every 28 days 20:05 from day 4", "every 140 days 20:05 from day 11"),
    "member_day": ("every 28 days 20:05 from day 2", "every 140 days 20:05 from day 9"),
    "red_packet": ("every 28 days 20:05 from day 6", "every 140 days 20:05 from day 13"),
    "expert_hour": ("every 84 days 20:05 from day 8",),
    "thank_you": ("every 90 days 11:05 from day 20",),
}
_RESAMPLES = 2_000
_UNIT, _FIRST = "pairs", "first month"


def _arms(behaviour: Lines, months: int) -> tuple[Scenario, Scenario]:
    """Return the programme as it is shipped, and with 30 % more of its messages; nobody is paid to come, and no budget ends it."""
    from sim import Scenario

    tree = programme(_STRATEGY, behaviour=behaviour, horizon_days=months * _MONTH_DAYS, population__size=_PEOPLE).model_dump()
    own = {**tree["strategy"], "leads": {}, "budget": {}}
    more = {
        f"{name}_and_{nth}": {**own["programme"][name], "when": when, "ring": 0.0}
        for name, times in _MORE.items()
        for nth, when in enumerate(times)
    }
    denser = {**own, "programme": {**own["programme"], **more}}
    return Scenario.model_validate({**tree, "strategy": own}), Scenario.model_validate({**tree, "strategy": denser})


def _read(scenario: Scenario, keys: list[str], seed: int, replication: int, threads: int) -> tuple[Numbers, int]:
    """Return the sessions of some people in which they read something, by month, and how many messages the brand sent to groups."""
    from sim import simulate

    lasts = round(scenario.horizon_days / _MONTH_DAYS)
    result = simulate(scenario, seed=seed, replication=replication, threads=threads, trace=keys, states=["messages_read"])
    told = result.biographies
    read = told[(told["event"] == "session") & (told["messages_read"] > told["messages_read_before"])]
    months = (read["time_h"] // (24 * _MONTH_DAYS)).astype(int)
    return np.bincount(months, minlength=lasts)[:lasts].astype(float), int((result.messages["channel"] == "group").sum())


def _pair(few: Scenario, many: Scenario, followed: int, seed: int, replication: int, threads: int) -> Measures:
    """Measure both arms on the same members of day 0."""
    from sim import simulate

    first = simulate(few.model_copy(update={"horizon_days": 1.0}), seed=seed, replication=replication, threads=threads).members
    keys = first.loc[first["joined_h"] == 0.0, "key"].tolist()[:followed]
    (without, own), (with_more, denser) = (_read(arm, keys, seed, replication, threads) for arm in (few, many))
    return {"few": without, "many": with_more, "messages": denser / own - 1.0}


def _units(size: Size, behaviour: Lines) -> list[Unit]:
    return [
        Unit(_UNIT, partial(_pair, *_arms(behaviour, _MONTHS), _FOLLOWED), _REPLICATIONS[size]),
        Unit(_FIRST, partial(_pair, *_arms(behaviour, 1), _PEOPLE), _FIRST_REPLICATIONS[size]),
    ]


def effects(few: Numbers, many: Numbers) -> Numbers:
    """Return the log ratio of two arms in each month, of the sums over runs; NaN where one of them is nothing.

    Parameters
    ----------
    few, many
        Counts: a row a run, a column a month. More axes may stand before these.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios = np.log(many.sum(axis=-2) / few.sum(axis=-2))
    return np.where(np.isfinite(ratios), ratios, np.nan)


def turning_month(effect: Numbers) -> Numbers:
    """Return the month, counted from 1, in which the mean of it and its neighbours is lowest: until then the effect grows."""
    smooth = np.lib.stride_tricks.sliding_window_view(effect, 3, axis=-1).mean(axis=-1)
    return np.asarray(np.argmin(np.where(np.isnan(smooth), np.inf, smooth), axis=-1) + 2, np.float64)


def _resampled(found: Found, unit: str = _UNIT) -> tuple[Numbers, Numbers]:
    """Return the effects, and those of bootstrap samples of the runs."""
    few, many = found.table(unit, "few"), found.table(unit, "many")
    drawn = np.random.default_rng(len(few)).integers(0, len(few), (_RESAMPLES, len(few)))
    return effects(few, many), effects(few[drawn], many[drawn])


def _interval(value: float, draws: Numbers, runs: int) -> Interval:
    low, high = np.nanquantile(draws, [0.025, 0.975])
    return Interval(float(value), float(low), float(high), runs)


def _judge(found: Found) -> list[Check]:
    effect, draws = _resampled(found)
    first, first_draws = (part[..., 0] for part in _resampled(found, _FIRST))
    runs = len(found.runs(_UNIT, "few"))
    return [
        between(
            "log ratio of reading in month 1 as a part of that in month 21",
            1.0 / 4.0,
            1.0 / 2.0,
            _interval(float(first / effect[-1]), first_draws / draws[:, -1], runs),
        ),
        between("log ratio in month 21: less is read", -1.0, 0.0, _interval(effect[-1], draws[:, -1], runs)),
        between(
            "month until which the effect grows", 9.0, float(_MONTHS), _interval(float(turning_month(effect)), turning_month(draws), runs)
        ),
    ]


def _draw(axes: Axes, found: Found) -> None:
    effect, draws = _resampled(found)
    low, high = np.nanquantile(draws, [0.025, 0.975], axis=0)
    months = np.arange(1, _MONTHS + 1)
    first, first_draws = (part[..., 0] for part in _resampled(found, _FIRST))
    bounds = np.abs(np.nanquantile(first_draws, [0.025, 0.975]) - first)[:, None]
    more = 100 * found.mean(_UNIT, "messages").mean
    axes.fill_between(months, low, high, color=SIMULATED, alpha=0.2)
    axes.plot(months, effect, "o-", color=SIMULATED, markersize=3, label=f"simulated, {more:.0f} % more messages of the brand")
    axes.errorbar([1], [float(first)], bounds, fmt="s", color="black", capsize=4, markersize=4, label="first month, of more people")
    axes.axhline(0.0, color="#888888", linewidth=1)
    axes.set_xlabel("month")
    axes.set_ylabel("log ratio of sessions with a message read")
    axes.set_xticks(months[::2])


ROW = Row(
    number=13,
    use="V",
    title="30 % more messages",
    target="The effect of 30 % more messages on sessions with a message read, per person initially a member (log ratio of arms), is 3 "
    "times (2 to 4) as large in month 21 as in month 1, and grows for 9 months or more.",
    source="Goli et al. 2025 (35 million listeners, randomised)",
    means=f"The playbook fish_raising for {_MONTHS} months of {_MONTH_DAYS} days against the same with each of its items for the whole "
    "group three times more for every ten, five minutes after one of its own and without ringing, as what is met by who has come anyway: "
    f"on the same {_PEOPLE} people, {_FOLLOWED} of whom are followed session by session, whether they stay or not. Nobody is paid to "
    "come, and no budget ends the programme; else it is as shipped. Month 1, whose effect is small beside luck, is taken from runs of "
    "their own that end with it, six times as many, with everybody followed; it is shown as a part of month 21 (a quarter to a half is 2 "
    "to 4 times), whose effect is not near nothing. Growing: the month around which three months are lowest in the mean is the 9th or "
    "later. Intervals: bootstrap over pairs of runs.",
    units=_units,
    judge=_judge,
    draw=_draw,
)
