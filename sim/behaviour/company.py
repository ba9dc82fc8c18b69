"""Company: ties who are in the group now hold a member there.

S = sum of min(1, strength / friend strength) over the ties who are there (see ties); it shelters from leaving: all causes are divided by
1 + shelter x S / (S + half). The first friend there holds most, and no company holds for ever. A tie who leaves takes their share of it
away for good; what their going says beside that fades, and is contagion.

Source: McPherson, Popielarz, Drobnic 1992, "Social networks and organizational dynamics" (the more and the stronger ties inside a voluntary
group, the longer its members stay); bounded below belonging to the whole: Ren et al. 2012, "Building member attachment in online
communities" (bonds among members kept fewer than identity with the group). Numbers are assumptions.
"""

from __future__ import annotations

from sim.behaviour.ties import MOST_TIES
from sim.compiled import compiled
from sim.parameters import Parameters, parameter


class CompanyParameters(Parameters):
    """Parameters of company."""

    shelter: float = parameter(1.0, unit="factor", meaning="how much any company shelters from leaving at most; 0 is off", low=0, high=1000)
    half_friends: float = parameter(2.0, unit="friends", meaning="friends in the group who give half of the shelter", low=1e-6, high=1e6)


@compiled
def friends_here(person, p):
    """Return how many friends the person has in the group now; weaker ties count in part."""
    friends = 0.0
    for k in range(MOST_TIES):
        if person.tie_here[k] > 0:
            friends += min(1.0, float(person.tie_strength[k]) / p.ties.friend_strength)
    return friends


@compiled
def act(person, group, p, now):
    """Let company shelter from leaving."""
    if not person.member:
        return
    friends = friends_here(person, p)
    if friends > 0.0:
        person.shelter += p.company.shelter * friends / (friends + p.company.half_friends)
