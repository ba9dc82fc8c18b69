"""One replication, from a scenario to its result."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Literal

import pandas as pd
import simpy

from sim import grouping, tables
from sim.brand import programme
from sim.brand.operator import Operator
from sim.community import Community
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


def simulate(
    scenario: Scenario,
    seed: int = 1,
    replication: int = 0,
    *,
    record: Record = "daily",
    threads: int = 1,
    eager: bool = False,
    backwards: bool = False,
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

    Returns
    -------
    Result
        Summary and tables.
    """
    started = time.perf_counter()
    community = Community(scenario, run_key(seed, replication), threads, eager, backwards)
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
        **frames,
    )


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
        if not community.world.packets[number]["settled"]:
            post_item = "books closed"
            operator.refund(post_item, [number])
    operator.ledger.close_day(community, int(-(-horizon // 24)) - 1)
