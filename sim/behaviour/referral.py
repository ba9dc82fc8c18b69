"""Referral in two steps: a member becomes an inviter, then picks a contact from a finite outside pool.

Rate of inviting = q x [a e^(-age / 2 d) + d e^(-since last order / 2 d) + b] + c e^(-since last invitation / 0.5 d), a and b per day from
joining, d after each order, c after each invitation, times trust / start and (1 + incentive). The contact is who suits best of a few people
of the pool drawn for that invitation: the likest (homophily: similarity of interests + w (nearness of need + nearness of readiness to
invite) / 2, nearness the smaller over the larger), and who has use for what the brand sells (matching: + m need / (need + mean need)).
A contact accepts with chance 1 - (1 - a)(1 - bw)^j (1 - bs)^m over the j weak and m strong invitations received so far.

Source: MODEL sections 4-5; timing: Qiu et al. 2016; acceptance: Goldenberg, Libai, Muller 2001; homophily: McPherson, Smith-Lovin, Cook
2001; inviters match contacts with the brand by what they know of them, beside being like them: Schmitt, Skiera, Van den Bulte 2011.
"""

from __future__ import annotations

from sim import randomness
from sim.compiled import compiled, inlined
from sim.decay import faded, fallen
from sim.parameters import Parameters, parameter
from sim.randomness import stream

BUDGET = stream("referral.budget")
CONTACT = stream("referral.contact")
ACCEPT = stream("referral.accept")

STATE = (
    ("referral_propensity", "f8"),
    ("invite_clock", "f8"),
    ("invite_readiness", "f8"),
    ("invitations", "i4"),
    ("invited_h", "f8"),
    ("referred", "i4"),
    ("invite_open", "?"),
)


class ReferralParameters(Parameters):
    """Parameters of referral."""

    propensity_mean: float = parameter(1.0, unit="factor", meaning="mean referral propensity; 0 switches referral off", low=0, high=1000)
    propensity_shape: float = parameter(
        0.5, unit="gamma shape", meaning="evenness of propensity across people", low=0.01, high=1e6, source="MODEL section 5"
    )
    early_per_day: float = parameter(
        0.15, unit="1/day", meaning="inviting right after joining", low=0, high=100, source="MODEL section 5: .3 over 2 days"
    )
    early_days: float = parameter(
        2.0, unit="days", meaning="decay of early inviting", low=0.01, high=1e4, source="MODEL section 5; Qiu et al. 2016"
    )
    bought_per_day: float = parameter(
        0.05, unit="1/day", meaning="inviting right after an order, fading as early inviting does; 0 is off", low=0, high=100
    )
    late_per_day: float = parameter(0.002, unit="1/day", meaning="inviting later on", low=0, high=100, source="MODEL section 5")
    again_per_day: float = parameter(
        1.0, unit="1/day", meaning="inviting again right after an invitation", low=0, high=100, source="MODEL section 5: .5 over half a day"
    )
    again_days: float = parameter(0.5, unit="days", meaning="decay of inviting again", low=0.001, high=1e4, source="MODEL section 5")
    trust_weight: float = parameter(1.0, unit="exponent", meaning="effect of trust against its start", low=0, high=10)
    candidates: int = parameter(
        4, unit="people", meaning="contacts among whom who suits best is asked (homophily, matching); 1 is neither", low=1, high=100
    )
    traits_weight: float = parameter(
        1.0,
        unit="factor",
        meaning="w: need and readiness to invite beside interests in who is likest; 0 is interests alone",
        low=0,
        high=10,
    )
    matching_weight: float = parameter(
        1.0, unit="factor", meaning="m: a contact's need of what the brand sells beside likeness in who is asked; 0 is off", low=0, high=10
    )
    accept_alone: float = parameter(0.02, unit="share", meaning="a: acceptance from the brand's own pull", low=0, high=1)
    accept_weak: float = parameter(0.08, unit="share", meaning="b_w: acceptance per weak invitation", low=0, high=1)
    accept_strong: float = parameter(0.2, unit="share", meaning="b_s: acceptance per strong invitation", low=0, high=1)
    strong_similarity: float = parameter(
        0.8, unit="similarity", meaning="likeness from which an invitation counts as strong", low=0, high=1.01
    )


@compiled
def act(person, group, p, now):
    """Set how ready the member is to invite: the factor on the rate until their next event."""
    if not person.member or person.referral_propensity <= 0.0:
        person.invite_readiness = 0.0
        return
    satisfaction = person.trust / max(1e-9, p.trust.start)
    if p.referral.trust_weight != 1.0:
        satisfaction **= p.referral.trust_weight
    person.invite_readiness = satisfaction * (1.0 + group.invite_incentive)


@inlined
def spend_time(person, p, hours):
    """Spend the rate of inviting over the time since the last event, in full: it falls while the person is away."""
    if person.invite_readiness <= 0.0:
        return
    days = hours / 24.0
    age_days = (person.last_h - person.joined_h) / 24.0
    soon = p.referral.early_per_day * faded(age_days, p.referral.early_days)
    if person.orders > 0 and p.referral.bought_per_day > 0.0:
        soon += p.referral.bought_per_day * faded((person.last_h - person.ordered_h) / 24.0, p.referral.early_days)
    spent = p.referral.late_per_day * days
    if soon > 0.0:
        spent += soon * fallen(days, p.referral.early_days)
    spent *= person.referral_propensity
    if person.invitations > 0:
        again = p.referral.again_per_day * faded((person.last_h - person.invited_h) / 24.0, p.referral.again_days)
        if again > 0.0:
            spent += again * fallen(days, p.referral.again_days)
    person.invite_clock -= person.invite_readiness * spent


@compiled
def is_near(person, p, hours):
    """Return whether the clock may run out within so many hours since the last event, however little of the rate has faded."""
    rate = person.referral_propensity * (p.referral.early_per_day + p.referral.bought_per_day + p.referral.late_per_day)
    if person.invitations > 0:
        rate += p.referral.again_per_day
    return person.invite_clock <= person.invite_readiness * rate * hours / 24.0


@compiled
def next_budget(person, p):
    """Add the next budget to the inviting clock."""
    person.invite_clock += randomness.exponential(p.run.key, person.key, BUDGET, person.invitations, 0)


@compiled
def nearness(one, other):
    """Return how near two amounts are to each other, 0 to 1: the smaller over the larger."""
    larger = max(one, other)
    if larger <= 0.0:
        return 1.0
    return min(one, other) / larger


@compiled
def likeness(similarity, need, other_need, propensity, other_propensity, p):
    """Return how like somebody is to who asks them, for whom is asked: by interests (0 to 1), need and readiness to invite."""
    return similarity + p.referral.traits_weight * 0.5 * (nearness(need, other_need) + nearness(propensity, other_propensity))


@compiled
def match(need, mean_need, p):
    """Return how far somebody is asked for having use for what the brand sells: their need, saturating, of which half at the mean."""
    if need + mean_need <= 0.0:
        return 0.0
    return p.referral.matching_weight * need / (need + mean_need)


@compiled
def acceptance(weak, strong, p):
    """Return the chance that somebody with so many weak and strong invitations has accepted by now."""
    return 1.0 - (1.0 - p.referral.accept_alone) * (1.0 - p.referral.accept_weak) ** weak * (1.0 - p.referral.accept_strong) ** strong
