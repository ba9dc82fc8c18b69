"""Contacts that come through channels: every midnight the coming day's are drawn, paid for, and given a place."""

from __future__ import annotations

from zlib import crc32

import numpy as np

from sim import randomness
from sim.brand.operator import Operator
from sim.codes import BY_THEMSELVES
from sim.population import POOL_SOURCE
from sim.randomness import name_key, stream
from sim.touch import Lead

MANY = stream("acquisition.many")
HOUR = stream("acquisition.hour")
MOST_A_DAY = 65536
HOURS_A_YEAR = 8760.0


def plan_day(operator: Operator, day: int) -> None:
    """Draw the day's contacts of every channel, in the order of channels' names, and admit those who can be paid for.

    The nth contact of a channel on a day is the same person under every strategy that uses the channel.
    """
    scenario = operator.scenario
    run = operator.community.run
    wanted: dict[str, int] = {}
    for channel, per_day in sorted(scenario.strategy.leads.items()):
        wanted[channel] = int(randomness.poisson(run, name_key("channel", channel), MANY, np.uint64(day), float(per_day)))
    for channel, people, start, end in operator.outsiders:
        first, last = max(start, day * 24.0), min(end, day * 24.0 + 24.0)
        share = max(0.0, last - first) / (end - start)
        mean = people * share
        wanted[channel] = wanted.get(channel, 0) + int(
            randomness.poisson(run, name_key("outsiders", channel, str(start)), MANY, np.uint64(day), float(mean))
        )
    leads: list[Lead] = []
    for channel, many in sorted(wanted.items()):
        leads += _leads(operator, channel, day, min(many, MOST_A_DAY))
    operator.admit(leads + _walk_ins(operator, day))


def _walk_ins(operator: Operator, day: int) -> list[Lead]:
    """Return the people outside who come by themselves on a day: nobody pays for them."""
    scenario, community = operator.scenario, operator.community
    market = scenario.market
    until = min(day * 24.0 + 24.0, scenario.end_hours)
    arrivals = community.pool.arrivals(community.run, market.pool_arrivals_per_year / HOURS_A_YEAR, day * 24.0, until)
    return [
        Lead(
            source=POOL_SOURCE,
            number=number,
            time_h=hour,
            channel=BY_THEMSELVES,
            cost_fen=0,
            customer_share=market.pool_customer_share,
            join_share=market.pool_join_share,
            traits=community.plain_traits,
        )
        for number, hour in arrivals
    ]


def _leads(operator: Operator, channel: str, day: int, many: int) -> list[Lead]:
    if not many:
        return []
    scenario = operator.scenario
    place = list(scenario.brand.channels).index(channel)
    settings = scenario.brand.channels[channel]
    operator.community.catch_up(operator.hour)
    first = day * MOST_A_DAY
    shares = randomness.uniforms(operator.community.run, name_key("channel", channel), HOUR, first, many)
    hours = [(number, hour) for number, hour in enumerate((day * 24.0 + 24.0 * shares).tolist(), first) if hour < scenario.end_hours]
    paid = operator.pay_each("acquisition_cost", settings.cost_yuan, len(hours), channel, "lead")
    source, cost_fen = crc32(channel.encode()) | 0x80000000, round(settings.cost_yuan * 100)
    return [
        Lead(source, number, hour, place, cost_fen, settings.customer_share, settings.join_share, settings.traits)
        for number, hour in hours[:paid]
    ]
