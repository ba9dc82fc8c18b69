"""Guides: the people who run the groups on the spot, of unequal skill, who carry out more or less of what head office plans.

Each group has a guide, known by the group's number among the groups that members talk in. Traits are normal across guides, cut to their
bounds. Skill multiplies the quality of what is published in the group (up to 1). Compliance is the chance that an occasion of the
programme is carried out in the group at all, drawn once for (occasion, guide). An audit makes up a share of what is missing, which halves
in some days:

    compliance = 1 - (1 - c) x product over audits before the occasion of (1 - gain x 2^(-days since / half-life))

An audit looks at the guides of the types of groups that it is for. Messages to people in no group are nobody's but the brand's: they are
carried out as they stand.

Source: PRACTICE 42 (head office plans, stores execute unevenly, audits and rankings raise execution).
"""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from sim import randomness
from sim.brand.group_types import ORDINARY
from sim.parameters import Parameters, parameter
from sim.randomness import name_key, stream

SKILL = stream("guides.skill")
COMPLIANCE = stream("guides.compliance")
CARRIED_OUT = stream("guides.carried_out")
ZERO = np.uint64(0)
#: In place of a guide, where people are in no group.
NOBODY = -1


class Guides(Parameters):
    """How guides differ, and what an audit does."""

    skill_mean: float = parameter(1.0, unit="factor", meaning="mean factor of guides on the quality of what they publish", low=0, high=2)
    skill_sd: float = parameter(0.0, unit="factor", meaning="spread of skill across guides; 0 is none", low=0, high=2)
    compliance_mean: float = parameter(
        1.0, unit="share", meaning="mean share of the programme's occasions that guides carry out", low=0, high=1, source="PRACTICE 42"
    )
    compliance_sd: float = parameter(
        0.0, unit="share", meaning="spread of compliance across guides; 0 is none", low=0, high=1, source="PRACTICE 42"
    )
    audit_gain: float = parameter(
        0.5, unit="share", meaning="share of what is missing in compliance that an audit makes up at first", low=0, high=1
    )
    audit_half_life_days: float = parameter(14.0, unit="days", meaning="half-life of what an audit has done", low=0.01, high=1e4)


class Team:
    """The guides of all groups.

    Parameters
    ----------
    plan : Guides
        How they differ.
    run : numpy.uint64
        Key of the replication.
    audits : list of (float, list of str)
        The audits so far, shared with the strategy before: the hour of each, and the types of groups that it was for (none: all).
    """

    def __init__(self, plan: Guides, run: np.uint64, audits: list[tuple[float, list[str]]]) -> None:
        self.plan = plan
        self.run = run
        self.audits = audits
        #: Whether everybody carries everything out.
        self.reliable = plan.compliance_mean >= 1.0 and plan.compliance_sd == 0.0

    def skill(self, guide: int) -> float:
        """Return a guide's factor on quality."""
        if guide == NOBODY:
            return 1.0
        return self._trait(guide, SKILL, self.plan.skill_mean, self.plan.skill_sd, 2.0)

    def compliance(self, guide: int, hour: float, type_name: str = ORDINARY) -> float:
        """Return the chance that the guide of a group of a type carries out an occasion that begins at an hour."""
        if guide == NOBODY:
            return 1.0
        missing = 1.0 - self._trait(guide, COMPLIANCE, self.plan.compliance_mean, self.plan.compliance_sd, 1.0)
        if missing > 0.0:
            for audited_h, types in self.audits:
                if audited_h < hour and (not types or type_name in types):
                    missing *= 1.0 - self.plan.audit_gain * 2.0 ** (-(hour - audited_h) / 24.0 / self.plan.audit_half_life_days)
        return 1.0 - missing

    def carries_out(self, guide: int, occasion: np.uint64, hour: float, type_name: str = ORDINARY) -> bool:
        """Return whether a guide carries out an occasion that begins at an hour: the same answer however often it is asked."""
        chance = self.compliance(guide, hour, type_name)
        return chance >= 1.0 or bool(randomness.uniform(self.run, _key(guide), CARRIED_OUT, occasion, ZERO) < chance)

    def _trait(self, guide: int, stream_number: np.uint64, mean: float, spread: float, most: float) -> float:
        if spread == 0.0:
            return mean
        unit = randomness.uniform(self.run, _key(guide), stream_number, ZERO, ZERO)
        return min(most, max(0.0, NormalDist(mean, spread).inv_cdf(unit)))


def _key(guide: int) -> np.uint64:
    return name_key("guide", str(guide))
