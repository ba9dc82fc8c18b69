"""The table of ablations: what the community loses or gains when one mechanism is switched off, and why.

Each row names a world in which the mechanism has something to work on, the values at which it is off, an outcome, and whether there is
less or more of that outcome without it. Direction and reason follow from what the mechanism means and were written before any result was
seen; a result that contradicts one is a question to the model, not a sign to be turned.

Runs with and without it share their seeds, so that a mechanism which does nothing leaves a difference of exactly 0. A row holds if the t
interval of the mean paired difference lies wholly on the stated side of 0. At ``LEVEL`` = 99.9 % a mechanism without a direction would
pass a row in 1 case of 2000, so that with some fifty rows the whole table errs in less than 1 case of 30. Seeds are fixed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import pandas as pd

from sim import simulate
from sim.scenario import Scenario
from sim.simulation import Result
from tests.sim.worlds import Tree, brand_tree, build, changed, interval, strategy_tree

LEVEL = 0.999
PAIRS = 8
#: Not one of the seeds on which worlds and numbers of pairs were chosen.
SEED = 211


# ---- outcomes -----------------------------------------------------------------------------------------------------------


def sold(result: Result, *kinds: str) -> pd.DataFrame:
    """Return the orders of the given kinds: organic, offer, limited."""
    return result.orders[result.orders["kind"].isin(kinds)]


def mesh(result: Result) -> float:
    """Return the share of answers that go to members, groups weighted by what is said in them."""
    said = result.daily.groupby("group")["messages"].sum()
    index = result.groups.set_index("group")["mesh_index"].dropna()
    words = said[index.index].sum()
    return float((index * said[index.index]).sum() / words) if words else 0.0


OUTCOMES: dict[str, Callable[[Result], float]] = {
    "leaves": lambda result: result.summary["leaves"],
    "joins": lambda result: result.summary["joins"],
    "orders": lambda result: result.summary["orders"],
    "orders at list price": lambda result: float(len(sold(result, "organic"))),
    "orders on offers": lambda result: float(len(sold(result, "offer"))),
    "units on offers": lambda result: float(sold(result, "offer")["units"].sum()),
    "orders of goods that were reserved": lambda result: float(len(sold(result, "presale", "team"))),
    "units of limited stock": lambda result: float(sold(result, "limited")["units"].sum()),
    "sessions": lambda result: result.summary["sessions"],
    "mean trust": lambda result: result.summary["mean_trust"],
    "mean belonging": lambda result: float(result.members["belonging"].mean()),
    "messages written": lambda result: float(result.members["messages_written"].sum()),
    "messages read": lambda result: float(result.members["messages_read"].sum()),
    "sightings of posts": lambda result: float(result.messages["seen"].sum()),
    "invitations": lambda result: float(result.members["invitations"].sum()),
    "people": lambda result: float(len(result.members)),
    "lapses": lambda result: float(result.members["lapsed_h"].notna().sum()),
    "mesh index": mesh,
    "packets of members": lambda result: result.summary["member_packets"],
}


# ---- worlds -------------------------------------------------------------------------------------------------------------


def community(changes: dict[str, Any] | None = None, **programme: Tree) -> Tree:
    """Return a small community with all behaviour at its defaults, and with the given items only."""
    tree: Tree = {
        "horizon_days": 28.0,
        "population": {"size": 300, "group_size": 75},
        "brand": brand_tree(),
        "strategy": strategy_tree(**programme),
    }
    return changed(tree, changes or {})


TIP: Tree = {"kind": "content_post", "when": "daily 09:00,19:00", "column": "tips", "quality": 1.0}
NOISE: Tree = {"kind": "content_post", "when": "daily 08:00,11:00,14:00,17:00,20:00", "column": "noise"}
DEAL: Tree = {"kind": "sales_post", "when": "Wed,Sat 12:00", "product": "entry", "discount": 0.3, "window": "24h"}
FLASH: Tree = {"kind": "flash_sale", "when": "Wed,Sat 20:00", "product": "entry", "discount": 0.3, "stock": 1000, "window": "1h"}
PACKET: Tree = {"kind": "red_packet", "when": "daily 20:00", "amount_yuan": 100.0, "shares": 40}

LETTER: Tree = {"kind": "one_to_one", "when": "daily 12:00", "column": "tips", "commercial": 0.0, "cost_yuan": 0.0}
ROOM: Tree = {
    "kind": "live_session",
    "when": "Wed,Sat 20:00",
    "shown": ["entry", "hero"],
    "discount": 0.2,
    "production_yuan": 0.0,
    "column": "expert",
}
TERMS: Tree = {"when": "Wed,Sat 12:00", "product": "hero", "window": "24h", "ring": 0.6}

#: People who come and go: enough exits in four weeks for shelter and contagion to have something to work on.
RESTLESS = {"behaviour.leaving.base_per_day": 0.02}

#: Members who put a question or two a week to the brand.
CURIOUS = {"behaviour.asking": {"per_day": 0.2, "per_content": 0.02}}

#: A desk that answers everybody within minutes, by a good script.
ATTENTIVE: Tree = {"shifts": {"all": {"when": "daily 00:00-24:00", "people": 9}}, "script": 1.0}

#: Newcomers of whom a third would leave out of doubt in the first weeks.
DOUBTFUL = {"behaviour.leaving.doubt_per_day": 0.05}

WORLDS: dict[str, Tree] = {
    # Nobody talks and the brand does nothing.
    "silence": community({"behaviour.chat.talkativeness_per_day": 0.0, "population.size": 600}),
    # Good content twice a day.
    "content": community(tip=TIP),
    # Five worthless posts a day.
    "noise": community({"population.size": 600}, noise=NOISE),
    # Hard selling: the same advertisement three times a day.
    "selling": community(sale={**DEAL, "when": "daily 10:00,15:00,20:00"}),
    # An offer twice a week of what cannot be stored, of what can, and of what hardly anybody is interested in.
    "deals": community(deal=DEAL),
    "bulk": community(deal={**DEAL, "product": "hero"}),
    "misfit": community({"brand.topics": {"care": 9.0, "deals": 1.0}}, deal=DEAL),
    # The same offers, in a brand whose customers lapse easily.
    "lapsing": community({"brand.need.lapse_b": 1.0}, deal=DEAL),
    # An offer at the same hour of every day, for three hours.
    "slot": community({"horizon_days": 42.0}, deal={**DEAL, "when": "daily 20:00", "window": "3h"}),
    # Short sales with a counter, with plenty of stock; and with hardly any, allotted every quarter of an hour only.
    "flash": community(flash=FLASH),
    "rush": community({"clock.fast_tick_minutes": 15}, flash={**FLASH, "stock": 3}),
    # A red packet every evening for restless people; and for two weeks only, then the purse is empty (five groups).
    "packets": community(RESTLESS, packet=PACKET),
    "broken promise": community({"strategy.budget": {"items": {"packet": 14 * 5 * 100.0}}}, packet=PACKET),
    # Staff pose as members twice a day.
    "shills": community(claque={"kind": "shill_chat", "when": "daily 12:00,18:00"}),
    # Talkative people who are soon silent to each other, with one post a day.
    "dead groups": community(
        {"behaviour.chat.cohesion_median": 0.0, "behaviour.chat.talkativeness_per_day": 0.3}, tip={**TIP, "when": "daily 12:00"}
    ),
    # Quiet people who are silent to each other, one post a day, and a check-in a day.
    "roll call": community(
        {"behaviour.chat.cohesion_median": 0.0, "behaviour.chat.novelty": 0.0},
        tip={**TIP, "when": "daily 12:00"},
        call={"kind": "check_in", "when": "daily 09:00", "column": "care"},
    ),
    # Groups in which much is said, of restless people, with one post a day.
    "talk": community({**RESTLESS, "behaviour.chat.talkativeness_per_day": 0.3}, tip={**TIP, "when": "daily 12:00"}),
    # The same where friends follow each other more than anywhere that was measured: at the default one exit in a hundred is contagion.
    "close friends": community(
        {**RESTLESS, "behaviour.chat.talkativeness_per_day": 0.3, "behaviour.contagion.excess": 6.0}, tip={**TIP, "when": "daily 12:00"}
    ),
    # Staff write to their contacts: offers twice a week; and worthless letters day by day, so that many end the contact.
    "letters": community(deal={**LETTER, "when": "Wed,Sat 12:00", "product": "entry", "discount": 0.3}),
    "pestering": community({"behaviour.blocking.strength": 0.1}, letter={**LETTER, "column": "noise"}),
    # What somebody is written about hangs on what they answered.
    "asked": community(
        ask={"kind": "survey", "when": "day 0 09:00", "cost_yuan": 0.0},
        letter={**LETTER, "by_tag": {"care": "tips", "deals": "sales"}, "quality": 1.0, "when": "daily 12:00,18:00"},
    ),
    # Letters that ask back, and a desk that listens.
    "heard": community(
        {"strategy.desk": ATTENTIVE},
        letter={**LETTER, "by_tag": {"care": "tips", "deals": "sales"}, "quality": 1.0, "when": "daily 12:00,18:00", "appeal": 0.5},
    ),
    # Six posts a day in Moments; an article a day, and a letter of the account's to those who opened it.
    "moments": community(post={"kind": "moments_post", "when": "daily 08:00,10:00,12:00,14:00,16:00,18:00", "column": "tips"}),
    "account": community(
        article={"kind": "official_article", "when": "daily 09:00", "column": "tips"},
        answer={"kind": "dialogue", "when": "daily 18:00", "column": "tips"},
    ),
    # Live sessions twice a week; coupons of three days for what is bought often; customers who show what they buy.
    "room": community(room=ROOM),
    "coupons": community(
        {"behaviour.coupons.last_days": 1.0},
        note={"kind": "coupon", "when": "Mon 10:00", "product": "entry", "amount_yuan": 2.0, "valid": "4d"},
    ),
    "proud": community({"behaviour.showing.chance": 0.5, "market.pool": 5000}),
    # The same where friends answer each other twice as much as strangers.
    "mesh": community(
        {**RESTLESS, "behaviour.chat.talkativeness_per_day": 0.3, "behaviour.chat.tie_excitation": 1.0}, tip={**TIP, "when": "daily 12:00"}
    ),
    # A competitor's people slip into the groups and advertise.
    "poached": community({"market.infiltrators_per_day": 0.2}),
    # People who doubt much at first: they are written to every day; they talk to each other; their questions are answered.
    "greeted": community(DOUBTFUL, letter={**LETTER, "quality": 1.0}),
    "newcomers": community({**DOUBTFUL, "behaviour.chat.talkativeness_per_day": 0.3}, tip={**TIP, "when": "daily 12:00"}),
    "advised": community({**CURIOUS, **DOUBTFUL, "strategy.desk": ATTENTIVE}, tip=TIP),
    # Members ask about what they are shown; people answer within minutes by a good script, or nobody does.
    "served": community({**CURIOUS, "strategy.desk": ATTENTIVE}, tip=TIP),
    "unanswered": community(CURIOUS, tip=TIP),
    # Money off an order of three; a price for teams of four; goods that come in three weeks; a paid membership; a share for who sells on.
    "threshold": community(full={**TERMS, "kind": "spend_and_save", "floor_yuan": 149.7, "save_yuan": 40.0}),
    "teams": community(crew={**TERMS, "kind": "group_buy", "discount": 0.4, "team": 4}),
    "advance": community(early={**TERMS, "kind": "presale", "discount": 0.4, "when": "day 0 12:00", "delivers_after": "21d"}),
    "club": community(vip={**TERMS, "kind": "vip_membership", "fee_yuan": 10.0, "discount": 0.2}),
    "partners": community(sold_on={**TERMS, "kind": "commission_selling", "discount": 0.3, "commission_share": 0.3}),
    # A ritual every morning; a meeting for a third of the members; samples for those who write.
    "ritual": community(sign_in={"kind": "check_in", "when": "daily 08:00", "column": "tips", "reward_yuan": 0.0}),
    "party": community(meet={"kind": "offline_event", "when": "day 10 19:00", "column": "tips", "capacity": 100, "pull": 2.0}),
    "samples": community(tip=TIP, trial={"kind": "koc_sampling", "when": "Mon 10:00", "product": "entry", "column": "tips", "most": 30}),
    # Invitations are rewarded.
    "recruiting": community({"horizon_days": 21.0, "strategy.referral": {"incentive": 1.0, "reward_yuan": 5.0}}),
}


# ---- table --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ablation:
    """One row: without a mechanism (or a part of it), there is less or more of an outcome in a world.

    ``off`` names parameters below ``behaviour`` with the values at which they have no effect; ``pairs`` is larger where an effect is
    small beside the luck of a single run, and smaller where runs take long and the effect is large.
    """

    mechanism: str
    off: dict[str, float]
    world: str
    outcome: str
    without: Literal["less", "more"]
    reason: str
    pairs: int = PAIRS

    def __str__(self) -> str:
        return f"{', '.join(self.off)}: {self.without} {self.outcome}"


TABLE: tuple[Ablation, ...] = (
    Ablation(
        *("sessions", {"sessions.notice_mean": 0.0}, "flash", "units of limited stock", "less"),
        "who notices nothing sees a sale of one hour only if a session of their own falls into it",
    ),
    Ablation(
        *("sessions", {"sessions.follow_probability": 0.0}, "talk", "sessions", "less"),
        "who has written does not come back within minutes to see what follows",
    ),
    Ablation(
        *("attention", {"attention.span_messages": 1e9}, "talk", "sightings of posts", "more"),
        "talk no longer buries the brand's posts",
    ),
    Ablation(
        *("attention", {"attention.pressure_aversion": 0.0}, "noise", "messages read", "more"),
        "the irritated open the group as often as anybody",
    ),
    Ablation(
        *("wearout", {"wearout.gain": 0.0, "wearout.loss": 0.0}, "selling", "orders on offers", "more"),
        "seen dozens of times, an advertisement is far past its peak: without wear-out it would sell as on the first day",
    ),
    Ablation(
        *("wearout", {"wearout.gain": 0.0, "wearout.loss": 0.0}, "deals", "orders on offers", "less"),
        "seen at most eight times in the four weeks, an advertisement is still wearing in",
    ),
    Ablation(
        *(
            "ties",
            {"ties.answer_strength": 0.0, "ties.inviter_strength": 0.0, "giving.tie_strength": 0.0},
            "talk",
            "mean belonging",
            "less",
        ),
        "nobody becomes a friend, whose words make belong more than anybody's",
        pairs=16,
    ),
    Ablation(
        *("habit", {"habit.gain": 0.0}, "slot", "orders on offers", "less"),
        "nobody comes to the fixed hour by themselves, or answers its offer the more for being used to it",
        pairs=8,
    ),
    Ablation(
        *("habit", {"habit.shelter": 0.0}, "packets", "leaves", "more"),
        "the daily packet no longer keeps who is used to it",
        pairs=12,
    ),
    Ablation(
        *("habit", {"habit.broken_promise": 0.0}, "broken promise", "mean trust", "more"),
        "packets that stop coming disappoint nobody",
    ),
    Ablation(
        *("fatigue", {"fatigue.strength": 0.0}, "noise", "leaves", "less"),
        "worthless messages irritate nobody, so that neither pressure nor boredom drives anybody out",
    ),
    Ablation(
        *("fatigue", {"fatigue.response_resistance": 0.0}, "selling", "orders", "more"),
        "irritation no longer weakens the will to buy",
    ),
    Ablation(
        *("shills", {"shills.betrayal": 0.0}, "shills", "mean trust", "more"),
        "who finds out that members were made up does not mind",
    ),
    Ablation(
        *("shills", {"shills.found_chance": 0.0}, "shills", "messages written", "more"),
        "nobody finds out, so that the made-up members go on being answered",
    ),
    Ablation(
        *("trust", {"trust.gain": 0.0, "trust.loss": 0.0}, "content", "orders", "less"),
        "good content earns no trust, which would raise buying",
        pairs=8,
    ),
    Ablation(
        *("trust", {"trust.gain": 0.0, "trust.loss": 0.0}, "noise", "leaves", "less"),
        "worthless messages cost no trust, so that nobody leaves out of distrust",
        pairs=12,
    ),
    Ablation(
        *("trust", {"trust.disappointment": 0.0}, "rush", "mean trust", "more"),
        "who comes too late for the stock is not disappointed",
    ),
    Ablation(
        *("desire", {"desire.gain": 0.0}, "content", "orders", "less"),
        "content makes nobody want what is sold",
    ),
    Ablation(
        *("regret", {"regret.strength": 0.0}, "deals", "mean trust", "more"),
        "who paid list price and then sees the deal does not hold it against the brand",
    ),
    Ablation(
        *("regret", {"regret.strength": 0.0}, "deals", "orders", "more"),
        "who paid list price and then sees the deal buys on as before",
    ),
    Ablation(
        *("winning_back", {"winning_back.chance": 0.0}, "lapsing", "orders", "less"),
        "who has lapsed as a customer never returns",
        pairs=12,
    ),
    Ablation(
        *("buying", {"buying.advance_days": 0.0}, "deals", "orders", "less"),
        "an offer brings no need forward, so that only organic orders remain",
    ),
    Ablation(
        *("buying", {"buying.scarcity": 0.0}, "flash", "units of limited stock", "less"),
        "that stock is limited makes it no more attractive",
    ),
    Ablation(
        *("buying", {"buying.countdown": 0.0}, "flash", "units of limited stock", "less"),
        "that the sale is about to close makes it no more attractive",
    ),
    Ablation(
        *("buying", {"buying.social_proof": 0.0}, "flash", "units of limited stock", "less"),
        "that others have bought makes it no more attractive",
    ),
    Ablation(
        *("buying", {"buying.relevance_weight": 0.0}, "misfit", "orders on offers", "more"),
        "an offer of what hardly anybody is interested in is no longer hurt by its poor fit",
    ),
    Ablation(
        *("buying", {"buying.deal_quantity": 0.0}, "bulk", "units on offers", "less"),
        "nobody takes more of a storable because it is cheap",
    ),
    Ablation(
        *("buying", {"buying.stock_limit_days": 1e4}, "bulk", "orders at list price", "more"),
        "what was stocked up on in the deal no longer stands in for later purchases",
    ),
    Ablation(
        *("standing", {"standing.foresight": 0.0}, "club", "orders", "less"),
        "nobody finds a membership worth its fee, and nobody buys more for paying less",
    ),
    Ablation(
        *("terms", {"terms.willingness": 0.0}, "threshold", "units on offers", "less"),
        "nobody adds to an order to reach the amount from which something is taken off",
    ),
    Ablation(
        *("terms", {"terms.doubt": 0.0}, "teams", "orders of goods that were reserved", "more"),
        "an empty team attracts as much as one that lacks a single member",
    ),
    Ablation(
        *("terms", {"terms.cooling_per_week": 0.0}, "advance", "orders of goods that were reserved", "more"),
        "nobody loses interest in what was reserved three weeks ago",
    ),
    Ablation(
        *("sharing", {"sharing.intensity_per_yuan": 0.0}, "partners", "orders", "less"),
        "nobody passes offers on, so that fewer people outside come to buy",
        pairs=4,
    ),
    Ablation(
        *("taking_part", {"taking_part.gain": 0.0}, "ritual", "mean belonging", "less"),
        "a ritual makes nobody belong",
    ),
    Ablation(
        *("meeting", {"meeting.chats": 0.0}, "party", "mean belonging", "less"),
        "who has met belongs no more than who has not",
    ),
    Ablation(
        *("meeting", {"meeting.experience": 0.0}, "party", "mean trust", "less"),
        "a meeting is no good experience",
    ),
    Ablation(
        *("sampling", {"sampling.chance": 0.0}, "samples", "sightings of posts", "less"),
        "nobody writes about what they were given",
    ),
    Ablation(
        *("prices", {"prices.elasticity": 0.0}, "deals", "orders on offers", "less"),
        "a lower price attracts nobody",
    ),
    Ablation(
        *("prices", {"prices.reference_part": 0.0}, "deals", "orders at list price", "more"),
        "deals seen before no longer make the list price look dear",
        pairs=16,
    ),
    Ablation(
        *("chat", {"chat.answers_per_message": 0.0}, "talk", "messages written", "less"),
        "messages are not answered",
        pairs=12,
    ),
    Ablation(
        *("chat", {"chat.silence_floor": 1.0}, "dead groups", "messages written", "more"),
        "nobody minds being the first to speak into a silence",
        pairs=96,
    ),
    Ablation(
        *("chat", {"chat.sign_weight": 0.0}, "roll call", "messages written", "less"),
        "members who check in and say nothing make no group feel alive, so that the brand is answered less",
        pairs=24,
    ),
    Ablation(
        *("chat", {"chat.opening_liveliness": 0.0}, "talk", "messages written", "less"),
        "a group opens in silence, which few are the first to break",
        pairs=12,
    ),
    Ablation(
        *("chat", {"chat.audience_restraint": 0.0}, "talk", "messages written", "more"),
        "before many each says as much as before few",
        pairs=24,
    ),
    Ablation(
        *("chat", {"chat.address_dose": 0.0, "chat.address_ring": 0.0}, "talk", "messages written", "less"),
        "who is answered feels no more spoken to than anybody, and is not called back",
        pairs=12,
    ),
    Ablation(
        *("chat", {"chat.cohesion_median": 0.0}, "talk", "messages written", "less"),
        "a lively group makes nobody talk, and newcomers fall silent when the novelty is over",
        pairs=12,
    ),
    Ablation(
        *("belonging", {"belonging.shelter": 0.0}, "talk", "leaves", "more"),
        "what talk has made of the group keeps nobody in it",
    ),
    Ablation(
        *("company", {"company.shelter": 0.0}, "talk", "leaves", "more"),
        "friends in the group keep nobody in it",
        pairs=12,
    ),
    Ablation(
        *("benefits", {"benefits.shelter": 0.0}, "packets", "leaves", "more"),
        "the prospect of further packets keeps nobody",
    ),
    Ablation(
        *("red_packets", {"red_packets.trust_per_yuan": 0.0}, "packets", "mean trust", "less"),
        "being given something is no good experience",
    ),
    Ablation(
        *("red_packets", {"red_packets.talk_dose": 0.0}, "packets", "messages written", "less"),
        "nobody says thanks for a packet",
    ),
    Ablation(
        *("giving", {"giving.intensity_per_yuan": 0.0, "giving.spontaneous_per_day": 0.0}, "packets", "mean belonging", "less"),
        "members send no packets of their own, of which others would have had a share",
    ),
    Ablation(
        *("giving", {"giving.luckiest_factor": 1.0}, "packets", "packets of members", "less"),
        "the luckiest of a packet owe no more than anybody else",
        pairs=16,
    ),
    Ablation(
        *("referral", {"referral.propensity_mean": 0.0}, "recruiting", "joins", "less"),
        "nobody is invited",
    ),
    Ablation(
        *("referral", {"referral.candidates": 1}, "recruiting", "joins", "less"),
        "members ask anybody instead of who is like them, and the word of somebody unlike is weaker",
        pairs=12,
    ),
    Ablation(
        *("referral", {"referral.trust_weight": 0.0}, "selling", "invitations", "more"),
        "who has lost trust in the brand invites as before",
        pairs=16,
    ),
    Ablation(
        *("freeloading", {"freeloading.share": 0.0}, "silence", "orders", "more"),
        "in the place of people who hardly buy there are people who do",
    ),
    Ablation(
        *("freeloading", {"freeloading.share": 0.0}, "silence", "leaves", "less"),
        "nobody leaves because nothing is given away",
    ),
    Ablation(
        *("contagion", {"contagion.excess": 0.0}, "close friends", "leaves", "less"),
        "nobody follows a friend out",
        pairs=36,
    ),
    Ablation(
        *("chat", {"chat.tie_excitation": 0.0}, "mesh", "mesh index", "less"),
        "friends answer each other no more than anybody, so that members talk less among themselves",
        pairs=36,
    ),
    Ablation(
        *("chat", {"chat.tie_excitation": 0.0}, "mesh", "messages written", "less"),
        "friends answer each other no more than anybody, so that less is said",
        pairs=24,
    ),
    Ablation(
        *("poaching", {"poaching.chance": 0.0}, "poached", "lapses", "less"),
        "a competitor's adverts lead no customer away",
    ),
    Ablation(
        *("asking", {"asking.per_day": 0.0, "asking.per_content": 0.0}, "served", "mean trust", "less"),
        "nobody has had a fast and good answer",
        pairs=4,
    ),
    Ablation(
        *("asking", {"asking.persuasion": 0.0}, "served", "orders", "less"),
        "a conversation with a credible persona sells no more than a price tag",
        pairs=5,
    ),
    Ablation(
        *("asking", {"asking.weight": 0.0}, "unanswered", "mean trust", "more"),
        "questions that nobody answers cost no trust",
        pairs=4,
    ),
    Ablation(
        *("reception", {"reception.message": 0.0}, "greeted", "leaves", "more"),
        "letters take no doubt from those who are new",
    ),
    Ablation(
        *("reception", {"reception.answer": 0.0}, "advised", "leaves", "more"),
        "answers of the desk take no doubt from those who are new",
    ),
    Ablation(
        *("reception", {"reception.reply": 0.0}, "newcomers", "leaves", "more"),
        "being answered by a member takes no doubt from those who are new",
        pairs=16,
    ),
    Ablation(
        *("muting", {"muting.strength_per_day": 0.0}, "noise", "sightings of posts", "more"),
        "nobody silences the group, so that posts go on being noticed and opened",
    ),
    Ablation(
        *("fatigue", {"fatigue.interruption": 0.0}, "noise", "leaves", "more"),
        "a group that was silenced irritates as one that rings, so that muting keeps nobody",
        pairs=12,
    ),
    Ablation(
        *("leaving", {"leaving.base_per_day": 0.0}, "silence", "leaves", "less"),
        "nobody leaves without a reason",
        pairs=12,
    ),
    Ablation(
        *("leaving", {"leaving.doubt_per_day": 0.0}, "silence", "leaves", "less"),
        "newcomers have no doubts",
    ),
    Ablation(
        *("leaving", {"leaving.silence_per_day": 0.0}, "silence", "leaves", "less"),
        "a group in which nobody speaks drives nobody out",
    ),
    Ablation(
        *("leaving", {"leaving.pressure_per_day": 0.0}, "noise", "leaves", "less"),
        "too many messages for what one tolerates drive nobody out",
    ),
    Ablation(
        *("leaving", {"leaving.irrelevance_dose": 0.0}, "noise", "leaves", "less"),
        "messages that do not matter to somebody bore nobody out",
        pairs=12,
    ),
    Ablation(
        *("leaving", {"regret.leaving_weight": 0.0}, "selling", "leaves", "less"),
        "having paid too much makes nobody leave",
        pairs=24,
    ),
    Ablation(
        *("contacts", {"contacts.contact_share": 0.0}, "letters", "orders on offers", "less"),
        "there is nobody to write to",
    ),
    Ablation(
        *("contacts", {"contacts.moments_crowding": 0.0}, "moments", "sightings of posts", "more"),
        "the tenth post of a week is looked at as often as a lone one",
        pairs=4,
    ),
    Ablation(
        *("contacts", {"contacts.dialogue_hours": 0.0}, "account", "sightings of posts", "less"),
        "an account that may not write to whom it has touched reaches few",
    ),
    Ablation(
        *("blocking", {"blocking.strength": 0.0}, "pestering", "sightings of posts", "more"),
        "nobody ends the contact, so that worthless letters go on being read",
    ),
    Ablation(
        *("tags", {"tags.accuracy": 0.0}, "asked", "mean trust", "less"),
        "tags that say nothing make letters about what one does not care for",
        pairs=10,
    ),
    Ablation(
        *("tags", {"tags.from_conversations": 0.0}, "heard", "mean trust", "less"),
        "advisers who learn nothing of whom they talk to go on writing about what one does not care for",
        pairs=10,
    ),
    Ablation(
        *("live", {"live.attend_chance": 0.0}, "room", "orders on offers", "less"),
        "an empty room sells nothing",
    ),
    Ablation(
        *("coupons", {"coupons.last_days": 0.0}, "coupons", "orders on offers", "less"),
        "a coupon that expires comes to nobody's mind",
        pairs=8,
    ),
    Ablation(
        *("showing", {"showing.chance": 0.0}, "proud", "people", "less"),
        "nobody outside learns what others bought",
    ),
)


# ---- runs ---------------------------------------------------------------------------------------------------------------


@cache
def scenario(world: str, off: tuple[tuple[str, float], ...]) -> Scenario:
    """Return a world with some parameters off."""
    return build(WORLDS[world], {f"behaviour.{place}": value for place, value in off})


@cache
def run(world: str, off: tuple[tuple[str, float], ...], replication: int) -> dict[str, float]:
    """Return the outcomes of one replication: rows of one world share those with all on."""
    result = simulate(scenario(world, off), SEED, replication)
    return {name: outcome(result) for name, outcome in OUTCOMES.items()}


def differences(row: Ablation) -> list[float]:
    """Return the paired differences of a row's outcome: without the mechanism less with it."""
    off = tuple(row.off.items())
    return [run(row.world, off, n)[row.outcome] - run(row.world, (), n)[row.outcome] for n in range(row.pairs)]


def change(row: Ablation) -> tuple[float, float]:
    """Return the interval of the mean change of a row's outcome when the mechanism is switched off."""
    return interval(differences(row), LEVEL)
