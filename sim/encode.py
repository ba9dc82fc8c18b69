"""From configuration to the records that compiled code reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.behaviour.asking import SERVICE_OFFER
from sim.brand.audience import UNTAGGED, Audience
from sim.brand.catalogue import Brand, Mix
from sim.brand.desk import Desk
from sim.brand.group_types import FOUNDING, REFERRAL, WALK_IN
from sim.codes import STAGES, TOPICS, WHO
from sim.market import MarketParameters
from sim.parameters import fill_record, record_fields
from sim.population import NEWCOMER, NeedParameters, PopulationParameters
from sim.scenario import Behaviour, Scenario
from sim.touch import Lead, MessageSpec, OfferSpec
from sim.world import ANSWER, AUDIENCE, MESSAGE, NEVER, OFFER, POST, PRODUCT

RUN = np.dtype([("key", "u8"), ("tick_minutes", "f8"), ("categories", "i8")], align=True)
MARKET = np.dtype([("return_loss_share", "f8"), ("shop_regions", "f8")], align=True)
PARAMETERS = np.dtype(
    [
        ("run", RUN),
        ("market", MARKET),
        ("population", np.dtype(record_fields(PopulationParameters), align=True)),
        ("need", np.dtype(record_fields(NeedParameters), align=True)),
        *record_fields(Behaviour),
    ],
    align=True,
)
MESSAGE_FIELDS = MESSAGE.names or ()
POST_FIELDS = POST.names or ()
UNSEEN = dict.fromkeys((*MESSAGE_FIELDS, *POST_FIELDS), 0)
NOT_SOLD = dict.fromkeys(OFFER.names or (), 0)
_message_of, _post_of, _offer_of = (itemgetter(*names) for names in (MESSAGE_FIELDS, POST_FIELDS, NOT_SOLD))


def parameter_record(scenario: Scenario, run: np.uint64) -> NDArray[Any]:
    """Return all parameters of a run as one record (in an array of length 1)."""
    array = np.zeros(1, PARAMETERS)
    record = array[0]
    record["run"]["key"] = run
    record["run"]["tick_minutes"] = scenario.clock.tick_minutes
    record["run"]["categories"] = len(scenario.brand.categories())
    record["market"]["return_loss_share"] = scenario.market.return_loss_share
    record["market"]["shop_regions"] = scenario.brand.shop.regions
    fill_record(record["population"], scenario.population)
    fill_record(record["need"], scenario.brand.need)
    fill_record(record, scenario.behaviour)
    return array


def topic_weights(brand: Brand) -> NDArray[np.float64]:
    """Return how common interest in each topic is: ``TOPICS`` numbers with mean 1 over the brand's topics, 0 beyond."""
    weights = np.zeros(TOPICS)
    weights[: len(brand.topics)] = list(brand.topics.values())
    typical: NDArray[np.float64] = weights * len(brand.topics) / weights.sum()
    return typical


def topic_vector(brand: Brand, mix: Mix) -> NDArray[np.float64]:
    """Return a topic mix as ``TOPICS`` numbers that sum to 1; an empty mix is all topics by their weight."""
    vector = np.zeros(TOPICS)
    names = list(brand.topics)
    for name, weight in (mix or brand.topics).items():
        vector[names.index(name)] = weight
    total = vector.sum()
    return vector / total if total > 0 else topic_vector(brand, {})


def product_table(brand: Brand) -> NDArray[Any]:
    """Return the brand's products, one record each, money in fen."""
    table = np.zeros(len(brand.products), PRODUCT)
    categories = brand.categories()
    for record, (name_of_product, product) in zip(table, brand.products.items(), strict=True):
        record["list_fen"] = round(product.list_yuan * 100)
        record["cost_fen"] = round(product.cost_yuan * 100)
        for name in ("share", "storable", "use_days", "return_rate"):
            record[name] = getattr(product, name)
        record["category"] = categories.index(product.category or name_of_product)
        record["topics"][:] = topic_vector(brand, product.topics)
    return table


def week_profile(market: MarketParameters) -> NDArray[np.float64]:
    """Return, for each weekday, the cumulative sessions by hour (7 x 25), so that an average day has 1."""
    day = np.concatenate([[0.0], np.cumsum(market.hour_weights)]) / np.sum(market.hour_weights)
    weekday = np.array([1.0] * 5 + [market.weekend_factor] * 2)
    return np.outer(weekday / weekday.mean(), day)


def tag_bits(brand: Brand, tags: Iterable[str]) -> int:
    """Return topics as bits, one each by its place; the bit beyond the last topic is that of people without a tag."""
    names = list(brand.topics)
    return sum(1 << (TOPICS if tag == UNTAGGED else names.index(tag)) for tag in tags)


@dataclass(frozen=True)
class Narrowing:
    """What narrows a message down beside its audience.

    Parameters
    ----------
    day_of_year : int
        Today, for birthdays.
    mass_cap : int, optional
        Mass messages that the platform lets through to a person a day; none for what staff type.
    letter_cap : int, optional
        Personal messages to a person in 7 days by the strategy's own rule; none without one.
    split, split_share, split_treated
        Key of a split (0: none), the share of it that is treated, and which arm gets the message.
    chosen : bool
        Whether it is only for people who are marked.
    """

    day_of_year: int = 0
    mass_cap: int | None = None
    letter_cap: int | None = None
    split: np.uint64 | int = 0
    split_share: float = 0.0
    split_treated: bool = False
    chosen: bool = False


def entry_bits(brand: Brand, names: Iterable[str]) -> int:
    """Return the ways of coming in by name as bits."""
    known = [FOUNDING, WALK_IN, REFERRAL, *brand.channels]
    return sum(1 << known.index(name) for name in names)


def audience_record(audience: Audience, channel: int, tags: int, entries: int = 0, narrowing: Narrowing | None = None) -> NDArray[Any]:
    """Return whom a message by a channel is for, as one record (in an array of length 1).

    Parameters
    ----------
    audience : Audience
        Whom the brand wants.
    channel : int
        By which channel (:data:`sim.codes.CHANNELS`).
    tags, entries : int
        Their tags, and how they came in, a bit each (see :func:`tag_bits`, :func:`entry_bits`); 0: all.
    narrowing : Narrowing, optional
        Caps, lots and marks.
    """
    narrowing = narrowing or Narrowing()
    array = np.zeros(1, AUDIENCE)
    record = array[0]
    record["channel"], record["who"], record["tags"] = channel, WHO.index(audience.who), tags
    record["stages"] = sum(1 << STAGES.index(stage) for stage in audience.stages)
    has_ordered = audience.ordered_from is not None or audience.ordered_until is not None
    record["orders_min"] = max(audience.orders_min, int(has_ordered))
    record["orders_max"] = np.iinfo(np.int64).max if audience.orders_max is None else audience.orders_max
    record["ordered_from_h"] = -np.inf if audience.ordered_from is None else audience.ordered_from
    record["ordered_until_h"] = np.inf if audience.ordered_until is None else audience.ordered_until
    record["admitted_from_h"] = -np.inf if audience.admitted_from is None else audience.admitted_from
    record["admitted_until_h"] = np.inf if audience.admitted_until is None else audience.admitted_until
    record["birthday"] = narrowing.day_of_year if audience.birthday else -1
    record["spent_min_fen"], record["entries"] = round(audience.spent_min_yuan * 100), entries
    for name, cap in (("mass_cap", narrowing.mass_cap), ("letter_cap", narrowing.letter_cap)):
        record[name] = -1 if cap is None else cap
    for name in ("chosen", "split", "split_share", "split_treated"):
        record[name] = getattr(narrowing, name)
    return array


def newcomers(leads: Sequence[Lead]) -> NDArray[Any]:
    """Return people who are about to come, one record each."""
    rows = [
        (
            lead.source,
            lead.number,
            lead.time_h,
            lead.channel,
            lead.cost_fen,
            lead.customer_share,
            lead.join_share,
            lead.inviter,
            lead.similarity,
            *vars(lead.traits).values(),
        )
        for lead in leads
    ]
    return np.array(rows, NEWCOMER)


def post_row(spec: MessageSpec, number: int, group: int, item: int, now: float) -> tuple[Any, ...]:
    """Return a message of the brand as the row of a post that nobody has seen yet.

    A row is written at once: field by field a post takes ten times as long.
    """
    values = {**UNSEEN, **vars(spec), "thread": spec.key, "author_place": -1, "time_h": now, "post": number, "item": item, "group": group}
    values["message"] = _message_of(values)
    row: tuple[Any, ...] = _post_of(values)
    return row


def offer_row(spec: OfferSpec, number: int, list_fen: int, call: np.uint64, now: float) -> tuple[Any, ...]:
    """Return an offer that opens now, or at the later hour it names, as the row of one that nobody has taken yet; see :func:`post_row`."""
    values = {**NOT_SOLD, **vars(spec), **vars(spec.terms), "number": number, "list_fen": list_fen, "call": call}
    values |= {"opens_h": max(spec.opens_h, now), "limited": spec.stock is not None, "stock": spec.stock or 0}
    row: tuple[Any, ...] = _offer_of(values)
    return row


def scripts(plan: Desk) -> Any:
    """Return what a desk tells who asks: one record of what its people say, and one of what its robot does."""
    found = np.zeros(2, ANSWER)
    for name in ("post", "offer", "packet", "author_place", "slot", "creative"):
        found["message"][name] = -1
    found["offer"]["number"], found["offer"]["closes_h"], found["offer"]["lift"] = SERVICE_OFFER, NEVER, 1.0
    found["quality"] = plan.script, plan.robot_script
    found["persuasion"] = plan.credibility * plan.persona * found["quality"]
    found["coupon_fen"], found["coupon_floor_fen"] = round(plan.coupon_yuan * 100), round(plan.floor_yuan * 100)
    found["coupon_hours"] = plan.valid
    return found
