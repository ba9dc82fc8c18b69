"""One replication, from a scenario to its result, at a stretch or saved on the way."""

from __future__ import annotations

import math
import pickle
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from sim import biography, comparison, grouping, tables
from sim.brand import programme
from sim.brand.agenda import Agenda, Errand
from sim.brand.group_types import FOUNDING
from sim.brand.operator import Operator
from sim.community import Community
from sim.frames import frames
from sim.ledger import Ledger
from sim.population import INITIAL_SOURCE, ChannelTraits
from sim.randomness import run_key
from sim.scenario import Scenario
from sim.summary import summarise
from sim.touch import Lead

Record = Literal["summary", "daily", "full"]


@dataclass(frozen=True)
class Result:
    """What came out of one replication: metrics, and tables as pandas frames (see METRICS for every column)."""

    strategy: str
    replication: int
    seed: int
    summary: dict[str, float]
    members: pd.DataFrame
    orders: pd.DataFrame
    daily: pd.DataFrame
    messages: pd.DataFrame
    groups: pd.DataFrame
    actions: pd.DataFrame
    timing: dict[str, float]
    biographies: pd.DataFrame
    cohorts: pd.DataFrame
    splits: pd.DataFrame
    chat: pd.DataFrame
    claims: pd.DataFrame
    packets: pd.DataFrame


def simulate(
    scenario: Scenario,
    seed: int = 1,
    replication: int = 0,
    *,
    record: Record = "daily",
    threads: int = 1,
    eager: bool = False,
    backwards: bool = False,
    trace: Sequence[str] | int = (),
    states: Sequence[str] = (),
) -> Result:
    """Simulate one replication of a scenario.

    Parameters
    ----------
    scenario : Scenario
        What to simulate.
    seed, replication : int
        Together they name the random numbers; strategies with the same two meet the same people and the same luck.
    record : {"summary", "daily", "full"}
        Which tables are handed out: none, those of METRICS, or besides what members said and claimed. Never changes results.
    threads : int
        Threads that advance groups; never changes results.
    eager, backwards : bool
        Catch up all groups at every touch; visit groups in the opposite order. Neither changes results (they are there to show it).
    trace : sequence of str, or int
        People whose every event is written down: their keys as in the table of members, or how many of day 0 to take at random.
        Never changes results.
    states : sequence of str
        What of their state is written down (``("trust", "messages_read")``), so that many can be followed; none: all of it.

    Returns
    -------
    Result
        Summary and tables.

    Raises
    ------
    ValueError
        If ``trace`` has something that is no key, or ``states`` something that is no state.
    """
    started = time.perf_counter()
    operator = _begin(scenario, seed, replication, threads, eager, backwards, trace, record, states)
    return _end(operator, seed, replication, record, started)


@dataclass(frozen=True)
class Snapshot:
    """A replication saved on the way. It can be pickled, and continued as often as you like, each time from the same state.

    Attributes
    ----------
    strategy, seed, replication
        Of which run it is.
    hour
        Where it stands: everything before this hour has happened, nothing at it.
    state
        The run itself. It fits the version of the simulator that saved it, and no other.
    """

    strategy: str
    seed: int
    replication: int
    hour: float
    state: bytes

    def finish(self, *, record: Record = "daily", threads: int = 1, eager: bool = False, backwards: bool = False) -> Result:
        """Continue to the horizon; the result equals that of the run at a stretch. Parameters as in :func:`simulate`.

        Raises
        ------
        ValueError
            If ``record`` is full and the run was not begun so: what was said before is lost.
        """
        started = time.perf_counter()
        operator = self._take_up(threads, eager, backwards)
        if record == "full" and not operator.community.transcribed:
            raise ValueError("record: takes full only for a run that was saved with record='full'")
        return _end(operator, self.seed, self.replication, record, started)

    def go_on(self, until_day: float, *, threads: int = 1, eager: bool = False, backwards: bool = False) -> Snapshot:
        """Continue to a later day, and save the run there."""
        operator = self._take_up(threads, eager, backwards)
        return _save(operator, self.seed, self.replication, until_day)

    def _take_up(self, threads: int, eager: bool, backwards: bool) -> Operator:
        """Return the operator of a copy of the saved run, its errands sent out again in the order in which they began to wait."""
        operator: Operator
        errands: list[Errand]
        operator, errands = pickle.loads(self.state)
        agenda = operator.agenda = Agenda(round(self.hour * 60))
        if operator.before is not None:
            operator.before.agenda = agenda
        community = operator.community
        community.employ(threads)
        community.eager, community.backwards = eager, backwards
        for errand in errands:
            agenda.start(errand)
        _watch(operator)
        return operator


def simulate_until(
    scenario: Scenario,
    until_day: float,
    seed: int = 1,
    replication: int = 0,
    *,
    threads: int = 1,
    eager: bool = False,
    backwards: bool = False,
    trace: Sequence[str] | int = (),
    states: Sequence[str] = (),
    record: Record = "daily",
) -> Snapshot:
    """Simulate the first days of a replication and save it there, to be continued.

    Parameters
    ----------
    scenario, seed, replication, threads, eager, backwards, trace, states
        As in :func:`simulate`.
    record : {"summary", "daily", "full"}
        With full, what members say and claim is written down from the start, and :meth:`Snapshot.finish` can hand it out.
    until_day : float
        Day from the start of the simulation, its history included, to the minute; 0 saves it before anything happens.

    Returns
    -------
    Snapshot
        What :meth:`Snapshot.finish` and :meth:`Snapshot.go_on` continue.

    Raises
    ------
    ValueError
        If the day is beyond the end.
    """
    operator = _begin(scenario, seed, replication, threads, eager, backwards, trace, record, states)
    return _save(operator, seed, replication, until_day)


def _begin(
    scenario: Scenario,
    seed: int,
    replication: int,
    threads: int,
    eager: bool,
    backwards: bool,
    trace: Sequence[str] | int,
    record: Record,
    states: Sequence[str],
) -> Operator:
    """Return the operator of a replication at hour 0, its people there and its errands sent out."""
    past = scenario.before()
    fields = biography.asked_for(states)
    community = Community(past or scenario, run_key(seed, replication), threads, eager, backwards, trace, fields, record == "full")
    ledger, agenda = Ledger(), Agenda()
    before = Operator(past, community, ledger, agenda, past=True) if past else None
    operator = Operator(scenario, community, ledger, agenda, before)
    community.on_referral = (before or operator).reward
    found(community)
    programme.start(operator)
    _watch(operator)
    return operator


def _watch(operator: Operator) -> None:
    """Look every tick if the community is to be caught up eagerly. Who looks is no errand: it changes nothing, and is not saved."""
    if operator.community.eager:
        operator.agenda.environment.process(_look_every_tick(operator))


def _save(operator: Operator, seed: int, replication: int, until_day: float) -> Snapshot:
    minute = round(until_day * 1440)
    if not operator.hour * 60 <= minute <= operator.scenario.end_hours * 60:
        limits = f"{operator.hour / 24:g} to {operator.scenario.end_hours / 24:g}"
        raise ValueError(f"until_day: takes a day from {limits}, got {until_day}")
    operator.agenda.run_until(minute)
    community = operator.community
    if community.workers is not None:
        community.workers.shutdown()
    state = pickle.dumps((operator, operator.agenda.errands), protocol=pickle.HIGHEST_PROTOCOL)
    return Snapshot(operator.scenario.strategy.name, seed, replication, minute / 60, state)


def _end(operator: Operator, seed: int, replication: int, record: Record, started: float) -> Result:
    """Let a replication go on to its horizon, and return what came out."""
    scenario, community = operator.scenario, operator.community
    operator.agenda.run_until(round(scenario.end_hours * 60))
    _finish(operator)
    book = tables.Book.of(scenario, community, operator.ledger, replication)
    summary = summarise(book)
    found = frames(book, record)
    return Result(
        strategy=scenario.strategy.name,
        replication=replication,
        seed=seed,
        summary=summary,
        timing={"simulate": time.perf_counter() - started},
        biographies=_biographies(community, scenario.switch_hours),
        **found,
    )


def _biographies(community: Community, start: float) -> pd.DataFrame:
    """Return what was written down of traced people since the comparison began."""
    if not community.traces:
        return biography.nobody().copy(deep=False)
    traces, states = [events for events, _ in community.traces], [records for _, records in community.traces]
    if start:
        states = [records[np.repeat(events["time_h"] >= start, 2)] for events, records in community.traces]
        states = [comparison.since(records, records[:0], start) for records in states]
        traces = [comparison.happened_since(events, start) for events in traces]
    return biography.table(traces, states)


def found(community: Community) -> None:
    """Open the first groups and admit the people of day 0, then fix how cohesive the groups are that they made."""
    scenario = community.scenario
    population = scenario.population
    if scenario.strategy.community:
        many = math.ceil(population.size * population.join_share / (population.group_size * population.initial_fill)) or 1
        if any(FOUNDING in group_type.channels for group_type in scenario.strategy.groups.values()):
            many = 0  # groups of a type open as they fill up
        weights = community.weights / community.weights.sum()
        for g in range(many):
            share = (g + 0.5) / many
            community.open_group(street=False, topic=int((share > weights.cumsum()).sum()))
    plain = ChannelTraits()
    community.admit(
        [Lead(INITIAL_SOURCE, nth, 0.0, -1, 0, population.customer_share, population.join_share, plain) for nth in range(population.size)]
    )
    people = community.world.people[: community.total.people]
    factors = grouping.likeness_factors(people, people["enters_group"], community.total.groups, population)
    community.world.groups["cohesion"][: community.total.groups] *= factors
    community.recomposed.clear()


def _look_every_tick(operator: Operator):  # type: ignore[no-untyped-def]
    while True:
        operator.community.catch_up(operator.hour)
        yield operator.agenda.environment.timeout(operator.scenario.clock.tick_minutes)


def _finish(operator: Operator) -> None:
    """Settle everything that is open at the horizon and close the last day."""
    end = operator.scenario.end_hours
    community = operator.community
    community.close_books(end)
    community.now = end
    for owner in filter(None, (operator.before, operator)):
        for number in owner.packets:
            if not community.world.packets[number]["settled"]:
                post_item = "books closed"
                owner.refund(post_item, [number])
        for promise in owner.promises:
            if not promise.kept and not promise.coupon_hours:
                owner.keep(promise)
    operator.ledger.close_day(community, int(-(-end // 24)) - 1)
