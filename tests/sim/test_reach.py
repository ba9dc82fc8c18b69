"""Personal channels: who is reached by what, how they react, and what the brand learns and pays."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from scipy import stats

from sim import reaching, simulate
from sim.behaviour import blocking, contacts, coupons, live, showing, tags
from sim.brand.audience import Audience
from sim.codes import BY_THEMSELVES, DIALOGUE, FOLLOWS, IS_CONTACT, MOMENTS, OFFICIAL, ONE_TO_ONE, SURVEY, TO_MEMBERS
from sim.encode import Narrowing, audience_record, entry_bits, tag_bits
from sim.simulation import Result
from sim.world import GROUP, MESSAGE, OFFER, ORDER, PRODUCT
from tests.sim.people import a_product, filled, parameters, somebody
from tests.sim.worlds import Tree, build, null_tree, nurturing_tree, strategy_tree

NOW = 1000.0
ALPHA = 1e-4
P = parameters()
BRAND = build(null_tree()).brand
FREE: Tree = {"kind": "one_to_one", "when": "daily 12:00", "column": "tips", "cost_yuan": 0.0}


def run(programme: dict[str, Tree], changes: dict[str, Any] | None = None, seed: int = 3) -> Result:
    """Return the result of a calm world with some items only."""
    tree = null_tree()
    tree["strategy"] = strategy_tree(**programme)
    return simulate(build(tree, changes or {}), seed)


def fits(to: dict[str, Any], way: int = ONE_TO_ONE, narrowing: dict[str, Any] | None = None, **fields: Any) -> bool:
    """Return whether somebody with the given fields is of an audience."""
    narrowing = narrowing or {}
    audience = Audience.model_validate(to)
    bits = tag_bits(BRAND, audience.tags), entry_bits(BRAND, audience.channels)
    records = audience_record(audience, way, *bits, Narrowing(day_of_year=40, **narrowing))
    person = somebody(P, **{"reach": IS_CONTACT | FOLLOWS, "admitted_h": 100.0, "last_session_h": NOW - 1.0, **fields})
    return bool(reaching.fits(person, records, P, NOW))


# ---- who is reached -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("channel", "fields", "reached"),
    [
        (TO_MEMBERS, {"reach": 0}, True),
        (TO_MEMBERS, {"member": False}, False),
        (ONE_TO_ONE, {"reach": IS_CONTACT, "member": False}, True),
        (ONE_TO_ONE, {"reach": FOLLOWS}, False),
        (MOMENTS, {"reach": IS_CONTACT}, True),
        (MOMENTS, {"reach": FOLLOWS}, False),
        (OFFICIAL, {"reach": FOLLOWS}, True),
        (OFFICIAL, {"reach": IS_CONTACT}, False),
        (DIALOGUE, {"touched_h": NOW - 47.9}, True),
        (DIALOGUE, {"touched_h": NOW - 48.1}, False),
        (DIALOGUE, {"touched_h": NOW - 1.0, "reach": IS_CONTACT}, False),
        (ONE_TO_ONE, {"arrived": False}, False),
    ],
)
def test_a_channel_reaches_those_who_accepted_it(channel: int, fields: dict[str, Any], reached: bool) -> None:
    assert fits({}, channel, **fields) is reached


@pytest.mark.parametrize(
    ("to", "fields", "inside"),
    [
        ({"who": "members"}, {"member": False}, False),
        ({"who": "outside"}, {"member": False}, True),
        ({"who": "outside"}, {"member": True}, False),
        ({"stages": ["dormant"]}, {"last_session_h": 0.0}, True),
        ({"stages": ["dormant"]}, {}, False),
        ({"stages": ["left", "active"]}, {}, True),
        ({"tags": ["deals"]}, {"tag": 1}, True),
        ({"tags": ["deals"]}, {"tag": 0}, False),
        ({"tags": ["deals"]}, {"tag": -1}, False),
        ({"tags": ["untagged"]}, {"tag": -1}, True),
        ({"orders_min": 2}, {"orders": 1}, False),
        ({"orders_max": 2}, {"orders": 3}, False),
        ({"ordered_from": "1d"}, {"orders": 1, "ordered_h": NOW - 23.0}, False),
        ({"ordered_from": "1d"}, {"orders": 1, "ordered_h": NOW - 25.0}, True),
        ({"ordered_from": "1d"}, {"orders": 0, "ordered_h": -np.inf}, False),
        ({"ordered_until": "1d"}, {"orders": 1, "ordered_h": NOW - 25.0}, False),
        ({"ordered_until": "1d"}, {"orders": 1, "ordered_h": NOW - 23.0}, True),
        ({"admitted_until": "30d"}, {}, False),
        ({"admitted_from": "30d", "admitted_until": "40d"}, {}, True),
        ({"birthday": True}, {"birthday": 40}, True),
        ({"birthday": True}, {"birthday": 41}, False),
        ({"spent_min_yuan": 10.0}, {"gmv_fen": 999}, False),
        ({"spent_min_yuan": 10.0}, {"gmv_fen": 1000}, True),
        ({"channels": ["founding"]}, {"channel": -1, "inviter": -1}, True),
        ({"channels": ["founding"]}, {"channel": -1, "inviter": 3}, False),
        ({"channels": ["referral"]}, {"channel": -1, "inviter": 3}, True),
        ({"channels": ["walk_in"]}, {"channel": BY_THEMSELVES, "inviter": -1}, True),
        ({"channels": ["walk_in"]}, {"channel": 0, "inviter": -1}, False),
        ({"channels": ["door"]}, {"channel": 0, "inviter": -1}, True),
    ],
)
def test_an_audience_is_narrowed_by_what_the_brand_knows(to: dict[str, Any], fields: dict[str, Any], inside: bool) -> None:
    assert fits(to, **fields) is inside


def test_who_has_left_and_who_never_joined_is_reached_personally_and_by_no_letter_to_members() -> None:
    leaving = {"behaviour.leaving.base_per_day": 0.1, "behaviour.contacts.contact_share": 1.0, "population.join_share": 0.7}
    result = run({"letter": FREE, "note": {"kind": "coupon", "when": "daily 15:00"}}, leaving)
    by_item = result.messages.groupby(["item", result.messages["time_h"] // 24])["delivered"].sum()
    members = result.daily.groupby("day")["members"].sum()
    assert set(by_item["letter"]) == {100}
    assert by_item["note"].iloc[-1] < by_item["note"].iloc[0] <= 70
    assert members.iloc[-2] >= by_item["note"].iloc[-1] >= members.iloc[-1]


def test_shares_of_contacts_and_followers_are_as_asked() -> None:
    result = run({}, {"population.size": 4000, "horizon_days": 0.5, "behaviour.contacts": {"contact_share": 0.6, "follow_share": 0.2}})
    for column, share in (("contact", 0.6), ("follows", 0.2)):
        assert stats.binomtest(int(result.members[column].sum()), 4000, share).pvalue > ALPHA


def test_a_person_gets_no_more_mass_messages_a_day_than_the_platform_allows() -> None:
    mass = {"delivery": "mass", "to": {"who": "members"}}
    everybody = {"behaviour.contacts.contact_share": 1.0, "strategy.caps.mass_per_person_day": 2}
    items = {name: {**FREE, **mass, "when": f"daily 1{n}:00"} for n, name in enumerate(("first", "second", "third"))}
    result = run(items, everybody)
    assert set(result.messages["item"]) == {"first", "second"}
    refused = result.actions[result.actions["status"] == "refused"]
    assert set(refused["item"]) == {"third"}
    assert set(refused["reason"]) == {"cap of the platform"}
    typed = run({**items, "third": {**FREE, "when": "daily 13:00"}}, everybody)
    assert set(typed.messages["item"]) == {"first", "second", "third"}


def test_sending_costs_by_the_person_and_stops_where_the_budget_does() -> None:
    letter = {**FREE, "cost_yuan": 0.25, "when": "day 1 12:00"}
    result = run({"letter": letter}, {"strategy.staff.people": 0.0})
    assert result.summary["staff_cost"] == 0.25 * result.messages["delivered"].sum() > 0
    groups = result.messages["delivered"].to_list()
    poor = run({"letter": letter}, {"strategy.staff.people": 0.0, "strategy.budget.total_yuan": 0.25 * groups[0]})
    assert poor.messages["delivered"].to_list() == groups[:1]
    assert (poor.actions["status"] == "refused").sum() == len(groups) - 1


def test_the_coupon_after_payment_goes_to_buyers_of_the_last_day() -> None:
    note = {"kind": "coupon", "when": "daily 12:00", "channel": "one_to_one", "to": {"ordered_until": "24h"}, "delivery": "staff"}
    result = run({"note": note}, {"behaviour.contacts.contact_share": 1.0})
    orders = result.orders
    for noon, delivered in result.messages.groupby("time_h")["delivered"].sum().items():
        recent = orders[(orders["time_h"] >= noon - 24.0) & (orders["time_h"] < noon)]
        assert delivered == recent["person"].nunique()


def test_a_birthday_coupon_comes_on_the_birthday() -> None:
    note = {"kind": "coupon", "when": "daily 10:00", "channel": "one_to_one", "to": {"birthday": True}, "delivery": "staff"}
    result = run({"note": note}, {"behaviour.contacts.contact_share": 1.0, "horizon_days": 365.0, "population.size": 200})
    assert result.messages["delivered"].sum() == 200


# ---- how people react -----------------------------------------------------------------------------------------------


def test_irrelevant_letters_end_the_contact_and_articles_the_following() -> None:
    group = filled(GROUP)
    for channel, kept, field in (
        (ONE_TO_ONE, FOLLOWS, "blocked_h"),
        (OFFICIAL, IS_CONTACT, "unfollowed_h"),
        (DIALOGUE, IS_CONTACT, "unfollowed_h"),
    ):
        person = somebody(P, reach=IS_CONTACT | FOLLOWS, block_clock=1e-9)
        blocking.seen(person, group, filled(MESSAGE, channel=channel, load=1.0), 0.0, P, NOW)
        assert (person["reach"], person[field]) == (kept, NOW)
    for channel in (TO_MEMBERS, MOMENTS):
        person = somebody(P, reach=IS_CONTACT | FOLLOWS, block_clock=1e-9)
        blocking.seen(person, group, filled(MESSAGE, channel=channel, load=1.0), 0.0, P, NOW)
        assert person["reach"] == IS_CONTACT | FOLLOWS
    person = somebody(P, reach=IS_CONTACT, block_clock=1e-9)
    blocking.seen(person, group, filled(MESSAGE, channel=ONE_TO_ONE, load=1.0), 1.0, P, NOW)
    assert person["reach"] == IS_CONTACT


def test_the_worse_the_letters_the_more_people_block() -> None:
    blocks = [
        simulate(
            build(
                nurturing_tree(),
                {"strategy.programme": {"letter": {**FREE, "load": load, "column": "noise"}}, "behaviour.blocking.strength": 0.1},
            ),
            5,
        ).summary["blocks"]
        for load in (0.0, 0.5, 2.0)
    ]
    assert blocks[0] == 0.0
    assert blocks[0] < blocks[1] < blocks[2]


def test_blocking_ends_letters_and_moments() -> None:
    programme = {"letter": {**FREE, "column": "noise", "load": 3.0}, "post": {"kind": "moments_post", "when": "daily 15:00"}}
    strict = {"strategy.programme": programme, "behaviour.blocking.strength": 0.5, "behaviour.contacts.contact_share": 1.0}
    result = simulate(build(nurturing_tree(), {**strict, "strategy.leads": {}, "market.pool": 0}), 6)
    delivered = result.messages.groupby(["item", result.messages["time_h"] // 24])["delivered"].sum()
    assert delivered["letter"].is_monotonic_decreasing
    assert delivered["post"].is_monotonic_decreasing
    blocked = result.members["blocked_h"].to_numpy()
    for day in (5, 13):
        assert delivered["post"][day] == 120 - (blocked < day * 24.0 + 15.0).sum()


def test_moments_are_seen_less_the_more_there_are() -> None:
    person, message = somebody(P, reach=IS_CONTACT), filled(MESSAGE, channel=MOMENTS)
    chances = []
    for _ in range(5):
        chances.append(contacts.chance_of_sight(person, message, P))
        contacts.meet(person, message, P)
    assert chances[0] == P["contacts"]["moments_chance"]
    assert all(later < earlier for earlier, later in itertools.pairwise(chances))
    shares = []
    for hours in ("12:00", "08:00,10:00,12:00,14:00,16:00,18:00"):
        result = run({"post": {"kind": "moments_post", "when": f"daily {hours}"}}, {"horizon_days": 28.0})
        late = result.messages[result.messages["time_h"].between(14 * 24.0, 27 * 24.0)]
        shares.append(late["seen"].sum() / late["delivered"].sum())
    assert shares[1] < 0.5 * shares[0]


def test_few_open_an_article_and_the_account_may_then_write() -> None:
    article = {"kind": "official_article", "when": "day 2 09:00"}
    answer = {"kind": "dialogue", "when": "day 3 09:00"}
    late = {**answer, "when": "day 12 09:00"}
    calm = {"brand.need.rate_scale_weeks": 1e6, "population.size": 1000, "behaviour.contacts.follow_share": 1.0}
    result = run({"article": article, "answer": answer, "late": late}, calm)
    sums = result.messages.groupby("item")[["delivered", "seen"]].sum()
    assert sums.loc["article", "delivered"] == 1000
    assert 0 < sums.loc["article", "seen"] < 150
    # Those who opened it before the next morning can be written to then, nobody can ten days later.
    assert 0 < sums.loc["answer", "delivered"] <= sums.loc["article", "seen"]
    assert "late" not in sums.index


# ---- what the brand learns ------------------------------------------------------------------------------------------


def test_answers_are_right_as_often_as_stated() -> None:
    p = parameters({"tags.answer_chance": 1.0, "tags.accuracy": 0.7})
    interests = np.array([0.1, 0.6, 0.2, 0.1, 0, 0, 0, 0])
    found = []
    for key in range(3000):
        person = somebody(p, key=key, interests=interests)
        tags.seen(person, filled(GROUP), filled(MESSAGE, key=9, kind=SURVEY), 1.0, p, NOW)
        found.append(int(person["tag"]))
    # A wrong answer is any of the four topics, the right one included.
    counts = np.bincount(found, minlength=4)
    assert stats.chisquare(counts, 3000 * (0.3 / 4 + 0.7 * np.array([0, 1, 0, 0]))).pvalue > ALPHA


def test_an_order_may_tell_what_somebody_is_interested_in() -> None:
    product = filled(PRODUCT, topics=np.array([0.2, 0.8, 0, 0, 0, 0, 0, 0]))
    for chance, tag in ((0.0, -1), (1.0, 1)):
        p = parameters({"tags.from_orders": chance})
        person = somebody(p)
        tags.ordered(person, filled(ORDER), product, p, NOW)
        assert person["tag"] == tag


def test_a_conversation_may_show_what_somebody_is_interested_in() -> None:
    p = parameters({"tags.from_conversations": 0.6})
    interests = np.array([0.2, 0.7, 0.1, 0, 0, 0, 0, 0])
    found = []
    for key in range(1, 3001):
        person = somebody(p, key=key, interests=interests, tag=2, questions=1)
        tags.conversed(person, 0.5, p)
        found.append(int(person["tag"]))
    assert set(found) == {1, 2}
    assert abs(found.count(1) - 900) < 4.5 * np.sqrt(3000 * 0.3 * 0.7)


def test_letters_by_tag_go_to_the_tagged_and_the_rest_gets_the_rest() -> None:
    ask = {"kind": "survey", "when": "day 0 08:00", "cost_yuan": 0.0}
    letter = {**FREE, "when": "day 6 12:00", "by_tag": {"care": "tips", "deals": "sales"}, "column": "care"}
    some = {"behaviour.contacts.contact_share": 1.0, "horizon_days": 6.6}
    result = run({"ask": ask, "letter": letter}, some)
    sent = result.messages[result.messages["item"] == "letter"].groupby("column")["delivered"].sum()
    tagged = result.members["tag"].value_counts()
    assert 10 < result.summary["tagged_share"] * 100 < 60
    assert sent.to_dict() == {"tips": tagged["care"], "sales": tagged["deals"], "care": tagged[""]}
    only = run({"ask": ask, "letter": {**letter, "to": {"tags": ["deals"]}}}, some)
    assert only.messages[only.messages["item"] == "letter"].groupby("column")["delivered"].sum().to_dict() == {"sales": tagged["deals"]}


# ---- live sessions, shops, coupons held, members' own Moments -------------------------------------------------------


def test_offers_of_a_room_work_on_those_who_enter_it() -> None:
    room = {
        "kind": "live_session",
        "when": "daily 20:00",
        "shown": ["entry", "hero"],
        "discount": 0.4,
        "return_factor": 0.0,
        "column": "expert",
    }
    needy = {"brand.need.rate_scale_weeks": 0.3, "population.size": 300, "brand.products.cake.return_rate": 1.0}
    found = {chance: run({"room": room}, {**needy, "behaviour.live.attend_chance": chance}) for chance in (0.0, 0.4, 1.0)}
    visits = {chance: result.messages["visits"].sum() for chance, result in found.items()}
    orders = {chance: result.orders[result.orders["kind"] == "offer"] for chance, result in found.items()}
    assert visits[0.0] == len(orders[0.0]) == 0
    assert 0 < visits[0.4] < visits[1.0]
    assert 0 < len(orders[0.4]) < len(orders[1.0])
    # What is bought in the room comes back as often as the action says (here: never), the rest as the product says.
    assert (orders[1.0]["refund_yuan"] == 0).all()
    cakes = found[1.0].orders.query("product == 'cake' and kind == 'organic'")
    assert (cakes["refund_yuan"] > 0).all()


def test_a_person_enters_a_room_or_not_for_all_that_is_shown() -> None:
    entered = [[live.enters(somebody(P, key=key), filled(OFFER, room=77, number=n), P) for n in range(2)] for key in range(2000)]
    assert all(first == second for first, second in entered)
    assert stats.binomtest(sum(first for first, _ in entered), 2000, float(P["live"]["attend_chance"])).pvalue > ALPHA
    assert live.enters(somebody(P), filled(OFFER), P)


def test_an_offer_in_the_shop_is_for_those_who_live_near_one() -> None:
    deal = {"kind": "sales_post", "when": "daily 10:00", "product": "hero", "discount": 0.4, "place": "shop"}
    needy = {
        "brand.need.rate_scale_weeks": 0.3,
        "population.size": 400,
        "population.regions": 4,
        "brand.shop": {"regions": 1, "share": 0.5},
    }
    result = run({"deal": deal}, needy)
    regions = result.members.set_index("person")["region"]
    orders = result.orders.assign(region=result.orders["person"].map(regions))
    offered = orders[orders["kind"] == "offer"]
    assert len(offered) > 20
    assert set(offered["region"]) == {0}
    assert set(offered["place"]) == {"shop"}
    organic = orders[orders["kind"] == "organic"]
    assert set(organic[organic["region"] > 0]["place"]) == {"mall"}
    near = organic[organic["region"] == 0]
    assert stats.binomtest(int((near["place"] == "shop").sum()), len(near), 0.5).pvalue > ALPHA
    assert result.summary["shop_gmv"] == pytest.approx(orders[orders["place"] == "shop"]["paid_yuan"].sum())


def test_a_coupon_comes_to_mind_once_before_it_expires() -> None:
    person = somebody(P, buy_clock=0.1, coupon_post=5, trigger_offer=-1)
    coupons.remind(person, 3, a_product(), parameters({"coupons.last_days": 1.0}), NOW)
    assert person["coupon_reminded"]
    assert (person["trigger_offer"], person["trigger_post"]) == (3, 5)
    note = {"kind": "coupon", "when": "day 1 10:00", "product": "entry", "amount_yuan": 1.0, "valid": "8d", "ring": 1.0}
    crowd = {"population.size": 3000, "population.group_size": 500, "horizon_days": 10.0, "behaviour.coupons.last_days": 1.0}
    orders = run({"note": note}, {**crowd, "brand.need.rate_scale_weeks": 4.0}).orders
    used = orders[(orders["kind"] == "offer") & (orders["coupon_yuan"] > 0)]
    by_day = np.bincount(((used["time_h"] - 34.0) // 24).astype(int), minlength=9)
    # Most at once, few in between, more again in the last two days.
    assert by_day[0] > by_day[6:8].max() > 2 * by_day[2:6].max()


def test_orders_that_are_shown_bring_people() -> None:
    p = parameters({"showing.chance": 1.0})
    person = somebody(p)
    showing.ordered(person, filled(ORDER, refund_fen=100), filled(PRODUCT), p, NOW)
    assert person["showing"] == showing.NOTHING
    showing.ordered(person, filled(ORDER), filled(PRODUCT), p, NOW)
    assert person["showing"] == showing.TO_SHOW
    assert showing.begin(person) == 0
    assert (person["showing"], person["showings"]) == (showing.SHOWN, 1)
    needy = {"brand.need.rate_scale_weeks": 0.5, "population.join_share": 0.5, "market.pool": 2000}
    many = [run({}, {**needy, "behaviour.showing.chance": chance}) for chance in (0.0, 0.3, 1.0)]
    came = [int((result.members["channel"] == "referral").sum()) for result in many]
    assert came[0] == 0 < came[1] < came[2]
    # Friends of members come into a group, friends of customers become customers.
    people = many[2].members.set_index("person")
    guests = people[people["inviter"] >= 0]
    hosts = people.loc[guests["inviter"]]
    assert (guests["joined_h"].notna().to_numpy() == hosts["joined_h"].notna().to_numpy()).all()
    assert many[2].summary["commission_cost"] == 0.0
