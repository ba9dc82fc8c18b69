"""Contagion of leaving: who sees friends leave is more likely to leave.

Each exit of a tie adds min(1, strength / friend strength) to a sum that decays over about a month; the hazard of leaving, whatever its
causes, is 1 + excess x sum times as high. A tie in the same group is told at once, ties elsewhere at midnight.

Going also ends what the tie's company was worth (see company), so that contagion is only a part of what an exit does to those who stay. Of
the whole Nitzan and Libai tell that the hazard is 1.8 times as high. Somebody with 1.2 friends and a shelter of 1.9, as members who have
friends have in the mean, is left with 1.6 by one of them: 1.8 = (1 + .63 excess) x 1.9 / 1.6, with .63 of an exit in the mean of its first
month, leaves .85 for contagion. It multiplies, as in their proportional hazards: exits move those most who have other reasons to go.

Source: MODEL section 4; Nitzan and Libai 2011, "Social effects on customer retention" (80 % more in all, fading over about a month).
"""

from __future__ import annotations

from sim.behaviour.ties import MOST_TIES
from sim.compiled import compiled
from sim.decay import faded
from sim.parameters import Parameters, parameter

STATE = (("tie_exits", "f8"), ("tie_exits_new", "f8"))


class ContagionParameters(Parameters):
    """Parameters of contagion."""

    excess: float = parameter(
        0.85,
        unit="share of the hazard",
        meaning="how much likelier one friend who has just left makes leaving, beside the company lost; 0 is off",
        low=0,
        high=100,
        source="size of the whole: Nitzan and Libai 2011",
    )
    memory_days: float = parameter(
        30.0, unit="days", meaning="decay of a friend's leaving", low=0.01, high=1e4, source="Nitzan and Libai 2011; MODEL section 4"
    )


@compiled
def elapsed(person, p, hours):
    """Let exits of ties fade, and take in those heard of since the person's last event."""
    if person.tie_exits > 0.0:
        person.tie_exits *= faded(hours, 24.0 * p.contagion.memory_days)
    person.tie_exits += person.tie_exits_new
    person.tie_exits_new = 0.0


@compiled
def tell(people, leaver, p, elsewhere):
    """Tell the ties of somebody who has left (by place): those of the same group, or those ``elsewhere``."""
    person = people[leaver]
    for k in range(MOST_TIES):
        if person.tie_strength[k] > 0.0:
            other = people[person.ties[k]]
            if (other.group != person.group) == elsewhere:
                other.tie_exits_new += min(1.0, float(person.tie_strength[k]) / p.ties.friend_strength)


@compiled
def excess(person, p):
    """Return how much higher exits of ties make the hazard of leaving, as a share of what it is without."""
    return p.contagion.excess * person.tie_exits
