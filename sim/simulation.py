"""One replication, from a scenario to its result."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import simpy

from sim import biography, grouping, tables
from sim.brand import programme
from sim.brand.operator import Operator
from sim.community import Community
from sim.ledger import Ledger
from sim.population import INITIAL_SOURCE, ChannelTraits
from sim.randomness import run_key
from sim.scenario import Scenario
from sim.summary import summarise
from sim.touch import Lead
from sim.world import PERSON, TRACE

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
) -> Result:
    """Simulate one replication of a scenario.

    Parameters
    ----------
    scenario : Scenario
        What to simulate.
    seed, replication : int
        Together they name the random numbers; strategies with the same two meet the same people and the same luck.
    record : {"summary", "daily", "full"}
        Which tables are handed out; never changes results.
    threads : int
        Threads that advance groups; never changes results.
    eager, backwards : bool
        Catch up all groups at every touch; visit groups in the opposite order. Neither changes results (they are there to show it).
    trace : sequence of str, or int
        People whose every event is written down: their keys as in the table of members, or how many of day 0 to take at random.
        Never changes results.

    Returns
    -------
    Result
        Summary and tables.

    Raises
    ------
    ValueError
        If ``trace`` has something that is no key.
    """
    started = time.perf_counter()
    community = Community(scenario, run_key(seed, replication), threads, eager, backwards, trace)
    ledger = Ledger()
    environment = simpy.Environment()
    operator = Operator(scenario, community, ledger, environment)
    community.on_referral = operator.reward
    found(community)
    programme.start(operator)
    if eager:
        environment.process(_look_every_tick(operator))
    environment.run(until=round(scenario.horizon_hours * 60))
    _finish(operator)
    book = tables.Book.of(scenario, community, ledger, replication)
    summary = summarise(book)
    frames = tables.frames(book, record)
    return Result(
        strategy=scenario.strategy.name,
        replication=replication,
        seed=seed,
        summary=summary,
        timing={"simulate": time.perf_counter() - started},
        biographies=_biographies(community),
        **frames,
    )


def _biographies(community: Community) -> pd.DataFrame:
    """Return what was written down of traced people."""
    traces = np.concatenate([np.zeros(0, TRACE), *(events for events, _ in community.traces)])
    states = np.concatenate([np.zeros(0, PERSON), *(records for _, records in community.traces)])
    return biography.table(traces, states)


def found(community: Community) -> None:
    """Open the first groups and admit the people of day 0, then fix how cohesive the groups are that they made."""
    scenario = community.scenario
    population = scenario.population
    if scenario.strategy.community:
        many = math.ceil(population.size * population.join_share / (population.group_size * population.initial_fill)) or 1
        weights = community.weights / community.weights.sum()
        for g in range(many):
            share = (g + 0.5) / many
            community.open_group(street=False, topic=int((share > weights.cumsum()).sum()))
    plain = ChannelTraits()
    community.admit(
        [Lead(INITIAL_SOURCE, nth, 0.0, -1, 0, population.customer_share, population.join_share, plain) for nth in range(population.size)]
    )
    people = community.world.people[: community.total.people]
    factors = grouping.likeness_factors(people, community.total.groups)
    community.world.groups["cohesion"][: community.total.groups] *= factors


def _look_every_tick(operator: Operator):  # type: ignore[no-untyped-def]
    while True:
        operator.community.catch_up(operator.hour)
        yield operator.environment.timeout(operator.scenario.clock.tick_minutes)


def _finish(operator: Operator) -> None:
    """Settle everything that is open at the horizon and close the last day."""
    horizon = operator.scenario.horizon_hours
    community = operator.community
    community.close_books(horizon)
    community.now = horizon
    for number in range(community.total.packets):
        packet = community.world.packets[number]
        if packet["sender"] < 0 and not packet["settled"]:
            post_item = "books closed"
            operator.refund(post_item, [number])
    operator.ledger.close_day(community, int(-(-horizon // 24)) - 1)
