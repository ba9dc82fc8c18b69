"""Who the people are: traits drawn at entry, each from its own stream, as a function of the person's key alone.

The initial n-th person, the n-th lead of a channel and the n-th person of the outside pool are the same people under every strategy.
"""

from __future__ import annotations

import math

import numpy as np

from sim import randomness
from sim.behaviour import chat
from sim.codes import FOLLOWS, IS_CONTACT, TOPICS
from sim.compiled import compiled, entry
from sim.parameters import Parameters, parameter
from sim.randomness import stream

INTEREST = stream("population.interest")
SESSION_RATE = stream("population.session_rate")
NOTICE_A = stream("population.notice_a")
NOTICE_B = stream("population.notice_b")
TOLERANCE = stream("population.tolerance")
TALK = stream("population.talkativeness")
REFERRAL = stream("population.referral")
NEED = stream("population.need")
LAPSE_A = stream("population.lapse_a")
LAPSE_B = stream("population.lapse_b")
UNITS = stream("population.units")
DEAL_A = stream("population.deal_a")
DEAL_B = stream("population.deal_b")
FRAILTY = stream("population.frailty")
CUSTOMER = stream("population.customer")
ENTERS = stream("population.enters_group")
AGE = stream("population.age_band")
GENDER = stream("population.gender")
FREELOADER = stream("population.freeloader")
CONTACT = stream("population.contact")
FOLLOWER = stream("population.follower")
BIRTHDAY = stream("population.birthday")
REGION = stream("population.region")

INITIAL_SOURCE = 1
POOL_SOURCE = 2
AGE_BANDS = ("under 25", "25-34", "35-44", "45 and over")
GENDERS = ("female", "male")


class PopulationParameters(Parameters):
    """How many people there are, and how they are grouped."""

    size: int = parameter(2000, unit="people", meaning="people of the community on day 0", low=1, high=5_000_000)
    group_size: int = parameter(
        200, unit="people", meaning="members at which a group is full", low=2, high=500, source="PRACTICE 24; the platform's limit is 500"
    )
    initial_fill: float = parameter(0.85, unit="share", meaning="places of a group taken on day 0", low=0.01, high=1)
    join_share: float = parameter(1.0, unit="share", meaning="share of the initial people who enter a group", low=0, high=1)
    customer_share: float = parameter(0.5, unit="share", meaning="share of the initial people who have bought before", low=0, high=1)
    interest_concentration: float = parameter(
        0.6, unit="gamma shape", meaning="breadth of interests: small is one interest a person", low=0.01, high=1000
    )
    likeness: float = parameter(
        0.5,
        unit="share",
        meaning="how far groups are formed by interest: 0 at random, 1 by the first interest",
        low=0,
        high=1,
        source="PRACTICE 4, 24",
    )
    cohesion_age: float = parameter(
        0.0,
        unit="power",
        meaning="how far likeness of age makes a group cohesive; 0 is off",
        low=0,
        high=10,
        source="PRACTICE 28: three near, one opposite",
    )
    cohesion_region: float = parameter(
        0.0, unit="power", meaning="how far nearness of place makes a group cohesive; 0 is off", low=0, high=10, source="PRACTICE 28"
    )
    cohesion_mixed: float = parameter(
        0.0, unit="power", meaning="how far mixed genders make a group cohesive; 0 is off", low=0, high=10, source="PRACTICE 28"
    )
    female_share: float = parameter(0.7, unit="share", meaning="share of women", low=0, high=1)
    regions: int = parameter(8, unit="regions", meaning="number of regions", low=1, high=1000)


class NeedParameters(Parameters):
    """Need, lapse and spend of a brand's customers: BG/NBD and Gamma-Gamma."""

    rate_shape: float = parameter(..., unit="gamma shape r", meaning="evenness of need rates across people", low=0.01, high=1e6)
    rate_scale_weeks: float = parameter(
        ..., unit="weeks (alpha)", meaning="rate parameter of the gamma: mean rate is r / alpha a week", low=0.001, high=1e9
    )
    lapse_a: float = parameter(..., unit="beta a", meaning="lapse after a repeat purchase is beta(a, b)", low=1e-6, high=1e9)
    lapse_b: float = parameter(..., unit="beta b", meaning="lapse after a repeat purchase is beta(a, b)", low=1e-6, high=1e9)
    units_mean: float = parameter(1.3, unit="units", meaning="mean units of an order", low=1, high=1e4)
    units_shape: float = parameter(4.0, unit="gamma shape", meaning="evenness of mean units across people", low=0.05, high=1e6)


class ChannelTraits(Parameters):
    """How the people of a channel differ from the rest, as factors."""

    need: float = parameter(1.0, unit="factor", meaning="need rate", low=0, high=100)
    tolerance: float = parameter(1.0, unit="factor", meaning="tolerance of messages", low=0.001, high=100)
    talkativeness: float = parameter(1.0, unit="factor", meaning="talkativeness", low=0, high=100)
    frailty: float = parameter(1.0, unit="factor", meaning="frailty of leaving", low=0, high=100)
    deal_proneness: float = parameter(1.0, unit="factor", meaning="deal-proneness", low=0.01, high=10)
    freeloading: float = parameter(1.0, unit="factor", meaning="share of freeloaders", low=0, high=1000)
    contact: float = parameter(1.0, unit="factor", meaning="share of contacts of the brand's staff", low=0, high=1000)
    following: float = parameter(1.0, unit="factor", meaning="share of followers of the official account", low=0, high=1000)


#: What is known of somebody before they are drawn: who they are, how they come, how the people of their channel differ from the rest.
NEWCOMER = np.dtype(
    [
        ("source", "u8"),
        ("number", "u8"),
        ("time_h", "f8"),
        ("channel", "i8"),
        ("cost_fen", "i8"),
        ("customer_share", "f8"),
        ("join_share", "f8"),
        ("inviter", "i8"),
        ("similarity", "f8"),
        *((name, "f8") for name in ChannelTraits.model_fields),
    ]
)


@compiled
def person_key(source, nth):
    """Return the key of the nth person of a source (a 32-bit number)."""
    return (np.uint64(source) << np.uint64(32)) | np.uint64(nth)


@compiled
def draw_interests(run, key, weights, concentration, interests):
    """Fill ``interests`` with gamma numbers of shape concentration x topic weight, scaled to sum to 1."""
    total = 0.0
    for k in range(TOPICS):
        interests[k] = 0.0
        if weights[k] > 0.0:
            interests[k] = randomness.gamma(run, key, INTEREST, k, concentration * weights[k])
            total += interests[k]
    for k in range(TOPICS):
        interests[k] /= max(total, 1e-300)


@compiled
def draw_need(run, key, p):
    """Return a person's need, purchases an hour, before what their channel makes of it."""
    return randomness.gamma(run, key, NEED, 0, p.need.rate_shape) / (p.need.rate_scale_weeks * 168.0)


@compiled
def draw_propensity(run, key, p):
    """Return how readily a person asks others in."""
    shape = p.referral.propensity_shape
    return p.referral.propensity_mean / shape * randomness.gamma(run, key, REFERRAL, 0, shape)


@compiled
def log_normal(run, key, stream_number, median, sigma):
    """Return a log-normal trait."""
    return median * math.exp(sigma * randomness.normal(run, key, stream_number, 0, 0))


@compiled
def draw_beta(run, key, stream_a, stream_b, mean, concentration):
    """Return a beta trait by mean and concentration (0 or 1 exactly, if the mean is)."""
    if mean <= 0.0 or mean >= 1.0:
        return mean
    return randomness.beta(run, key, stream_a, stream_b, 0, mean * concentration, (1.0 - mean) * concentration)


@compiled
def draw_person(person, key, p, weights, traits, customer_share, join_share):
    """Fill a person's record: fixed traits, neutral states, no clock running yet."""
    run = p.run.key
    person.key = key
    draw_interests(run, key, weights, p.population.interest_concentration, person.interests)
    person.session_rate_per_day = (
        p.sessions.rate_per_day / p.sessions.rate_shape * randomness.gamma(run, key, SESSION_RATE, 0, p.sessions.rate_shape)
    )
    person.notice_probability = draw_beta(run, key, NOTICE_A, NOTICE_B, p.sessions.notice_mean, p.sessions.notice_concentration)
    person.tolerance_per_week = traits.tolerance * log_normal(
        run, key, TOLERANCE, p.fatigue.tolerance_median_per_week, p.fatigue.tolerance_sigma
    )
    sigma = p.chat.talkativeness_sigma
    person.talkativeness_per_day = traits.talkativeness * log_normal(
        run, key, TALK, p.chat.talkativeness_per_day * math.exp(-0.5 * sigma * sigma), sigma
    )
    person.answering = chat.answering(person.talkativeness_per_day, p)
    person.referral_propensity = draw_propensity(run, key, p)
    person.need_rate_per_hour = traits.need * draw_need(run, key, p)
    person.lapse_probability = randomness.beta(run, key, LAPSE_A, LAPSE_B, 0, p.need.lapse_a, p.need.lapse_b)
    person.units_mean = p.need.units_mean * randomness.gamma(run, key, UNITS, 0, p.need.units_shape) / p.need.units_shape
    mean = p.prices.deal_proneness_mean
    evenness = mean * (1.0 - mean) / p.prices.deal_proneness_sd**2 - 1.0
    person.deal_proneness = traits.deal_proneness * draw_beta(run, key, DEAL_A, DEAL_B, mean, max(evenness, 0.01))
    shape = p.leaving.frailty_shape
    person.frailty = traits.frailty
    if shape < 1e6:
        person.frailty *= randomness.gamma(run, key, FRAILTY, 0, shape) / shape
    person.customer = randomness.uniform(run, key, CUSTOMER, 0, 0) < customer_share
    person.had_bought = person.customer
    person.enters_group = randomness.uniform(run, key, ENTERS, 0, 0) < join_share
    person.freeloader = randomness.uniform(run, key, FREELOADER, 0, 0) < p.freeloading.share * traits.freeloading
    if person.freeloader:
        person.need_rate_per_hour *= p.freeloading.need_factor
    person.age_band = int(4.0 * randomness.uniform(run, key, AGE, 0, 0))
    person.gender = 0 if randomness.uniform(run, key, GENDER, 0, 0) < p.population.female_share else 1
    person.region = int(p.population.regions * randomness.uniform(run, key, REGION, 0, 0))
    person.reach = 0
    if randomness.uniform(run, key, CONTACT, 0, 0) < p.contacts.contact_share * traits.contact:
        person.reach |= IS_CONTACT
    if randomness.uniform(run, key, FOLLOWER, 0, 0) < p.contacts.follow_share * traits.following:
        person.reach |= FOLLOWS
    person.birthday = 1 + int(365.0 * randomness.uniform(run, key, BIRTHDAY, 0, 0))
    set_neutral(person, p)


@compiled
def set_neutral(person, p):
    """Give a new person the states of somebody whom nothing has happened to."""
    person.trust = p.trust.start
    person.reference_price = 1.0
    person.goodwill = 1.0
    person.shelter = 1.0
    person.offer_lift = 1.0
    person.freshness = 1.0
    person.openness = 1.0
    person.paid_h = -math.inf
    person.paid_product = -1
    person.wrote_h = -math.inf
    person.ordered_h = -math.inf
    person.last_session_h = -math.inf
    person.coupon_expires_h = -math.inf
    person.base_h = math.inf
    person.pull_h = math.inf
    person.follow_h = math.inf
    person.organic_h = math.inf
    person.left_h = math.inf
    person.blocked_h = math.inf
    person.unfollowed_h = math.inf
    person.touched_h = -math.inf
    person.tag = -1
    person.mass_day = -1
    person.joined_h = math.inf
    person.muted_h = math.inf
    person.lapsed_h = math.inf
    person.admitted_h = math.inf
    person.offers_newest = -1
    person.asked_offer = -1
    person.answered_offer = -1
    person.trigger_offer = -1
    person.trigger_post = -1
    person.coupon_post = -1
    person.parent_depth = -1
    person.parent_post = -1
    person.parent_place = -1
    person.inviter = -1
    person.channel = -1
    person.left_cause = -1
    person.active_day = -1
    person.wrote_day = -1
    person.interaction_day = -1


@compiled
def draw_people(people, first, newcomers, parameters, weights):
    """Fill records ``first`` and on with people who are about to come: a record of ``newcomers`` each."""
    p = parameters[0]
    for n in range(newcomers.size):
        own = newcomers[n]
        person = people[first + n]
        draw_person(person, person_key(own.source, own.number), p, weights, own, own.customer_share, own.join_share)
        person.inviter = own.inviter
        person.channel = own.channel
        person.acquisition_fen = own.cost_fen
        person.similarity_to_inviter = own.similarity
        person.next_h = own.time_h


#: The same for the host alone, for people who are not in the world: what compiled code calls is no entry.
draw_apart = entry(draw_people)
