"""What members said and claimed: tables of ``record=full`` against worlds so small that all is known, and against all other tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import simulate
from sim.simulation import Result
from tests.sim.worlds import Tree, build, fen, null_tree, nurturing_tree

PACKET = {"kind": "red_packet", "when": "day 0 08:00", "amount_yuan": 6.0, "shares": 3}
TIP = {"kind": "content_post", "when": "daily 08:00", "column": "tips"}
#: Everybody looks often, reads all, and never tires.
ATTENTIVE = {"behaviour.sessions.rate_per_day": 40.0, "population.group_size": 50}
EVERYTHING = {
    "population.size": 200,
    "population.group_size": 40,
    "behaviour.chat.talkativeness_per_day": 1.0,
    "behaviour.giving.intensity_per_yuan": 0.05,
    "strategy.programme.packet": {"kind": "red_packet", "when": "daily 20:00", "amount_yuan": 20.0, "shares": 8},
}


def small(people: int, programme: dict[str, Tree], changes: dict[str, Any]) -> Result:
    """Return the result of a world of so many people in one group, in which nothing works but what is named."""
    return simulate(build(null_tree(**programme), {"population.size": people, **ATTENTIVE, **changes}), 5, record="full")


@pytest.fixture(scope="module", params=[0.0, 5.0], ids=["without a history", "with a history"])
def lively(request: pytest.FixtureRequest) -> Result:
    tree = nurturing_tree()
    history = {"history": {"days": request.param, "strategy": tree["strategy"]}} if request.param else {}
    return simulate(build({**tree, **history}, EVERYTHING), 9, record="full")


# ---- small worlds --------------------------------------------------------------------------------------------------------


def test_three_people_claim_a_packet_of_three_shares() -> None:
    run = small(3, {"packet": PACKET}, {})
    (packet,) = run.packets.to_dict("records")
    assert (packet["sender"], packet["item"], packet["yuan"], packet["shares"], packet["claimed"]) == (-1, "packet", 6.0, 3, 3)
    assert (packet["time_h"], packet["claimed_yuan"], packet["ended"], packet["message"]) == (8.0, 6.0, True, 0)
    claims = run.claims
    assert sorted(claims["person"]) == [0, 1, 2]
    assert claims["time_h"].is_monotonic_increasing
    assert claims["time_h"].between(8.0, 32.0).all()
    assert fen(claims["received_yuan"]).sum() == 600
    first, second, _ = fen(claims["received_yuan"])
    assert 1 <= first <= 400
    assert 1 <= second <= 600 - first
    assert claims["person"][claims["luckiest"]].tolist() == [claims["person"][claims["received_yuan"].idxmax()]] == [packet["luckiest"]]
    assert run.members.set_index("person")["claimed_yuan"].to_dict() == claims.set_index("person")["received_yuan"].to_dict()


def test_a_packet_that_is_not_finished_has_its_luckiest_when_it_comes_back() -> None:
    run = small(3, {"packet": {**PACKET, "shares": 5}}, {})
    (packet,) = run.packets.to_dict("records")
    assert (packet["claimed"], packet["ended"]) == (3, True)
    assert fen(packet["claimed_yuan"]) == fen(run.summary["red_packet_cost"]) < 600
    assert run.claims["luckiest"].tolist() == (run.claims["received_yuan"] == run.claims["received_yuan"].max()).tolist()


def test_one_share_is_no_draw() -> None:
    run = small(3, {"packet": {**PACKET, "shares": 1}}, {})
    assert (len(run.claims), run.claims["luckiest"].any(), run.packets["luckiest"].tolist()) == (1, False, [-1])


def test_two_people_and_the_threads_that_a_message_of_the_brand_begins() -> None:
    # Hardly anybody talks by themselves: what is written answers the brand or, in its thread, the other one.
    quiet = {"talkativeness_per_day": 1e-6, "talkativeness_sigma": 0.0, "answers_per_message": 4.5, "silence_floor": 1.0}
    run = small(2, {"tip": TIP}, {"behaviour.chat": quiet})
    chat = run.chat
    to_brand, to_other = chat["answers_post"] >= 0, chat["answers_line"] >= 0
    assert min(to_brand.sum(), to_other.sum()) > 3
    assert not (to_brand & to_other).any()
    assert (chat["depth"][to_brand] == 1).all()
    assert (chat["answers_person"][to_brand] == -1).all()
    # A message of the brand begins one thread, and that has the number of its first line.
    threads = chat[to_brand].groupby("answers_post")
    assert (threads["thread"].nunique() == 1).all()
    assert (threads["thread"].first() == threads["line"].first()).all()
    assert run.messages.set_index("message")["replies"].to_dict() == {
        post: int((chat["answers_post"] == post).sum()) for post in run.messages["message"]
    }
    others, answered = chat[to_other], chat.loc[chat["answers_line"][to_other]]
    assert (answered["time_h"].to_numpy() < others["time_h"].to_numpy()).all()
    assert (answered["person"].to_numpy() == 1 - others["person"].to_numpy()).all()
    assert (answered["person"].to_numpy() == others["answers_person"].to_numpy()).all()
    assert (answered["depth"].to_numpy() + 1 == others["depth"].to_numpy()).all()
    assert (answered["thread"].to_numpy() == others["thread"].to_numpy()).all()


def test_two_people_and_the_threads_that_they_begin() -> None:
    talk = {"talkativeness_per_day": 0.3, "talkativeness_sigma": 0.0, "novelty_days": 1e4, "answers_per_message": 3.0, "silence_floor": 1.0}
    run = small(2, {}, {"behaviour.chat": talk})
    chat = run.chat
    began = chat["answers_line"] < 0
    assert (chat["answers_post"] == -1).all()
    assert began.sum() > 3
    assert (~began).sum() > 3
    assert (chat["thread"] == chat["line"])[began].all()
    assert (chat["depth"] == 0).equals(began)
    answered = chat.loc[chat["answers_line"][~began]]
    assert (answered["thread"].to_numpy() == chat["thread"][~began].to_numpy()).all()
    assert (answered["person"].to_numpy() == 1 - chat["person"][~began].to_numpy()).all()
    assert chat["replies"].tolist() == [(chat["answers_line"] == line).sum() for line in chat["line"]]
    # One answers the other, who answers that: a thread of which every link is known.
    assert chat["depth"].max() > 1


# ---- against other tables ------------------------------------------------------------------------------------------------


def test_lines_are_the_messages_of_members(lively: Result) -> None:
    chat, members = lively.chat, lively.members
    wrote = members.set_index("person")["messages_written"]
    assert wrote.sum() == len(chat) > 200
    assert chat["person"].value_counts().reindex(wrote.index, fill_value=0).equals(wrote.astype(np.int64).rename("count"))
    daily = lively.daily[lively.daily["group"] >= 0].set_index(["day", "group"])
    told = chat.groupby([(chat["time_h"] // 24).astype(int).rename("day"), "group"])["person"]
    for name, counted in (("messages", told.size()), ("posters", told.nunique())):
        assert daily[name].to_numpy().tolist() == counted.reindex(daily.index, fill_value=0).tolist(), name
    last = chat.groupby("group")["time_h"].max().reindex(lively.groups["group"])
    assert (last.fillna(-np.inf).to_numpy() <= lively.groups["last_member_message_h"].fillna(-np.inf).to_numpy()).all()


def test_answers_are_those_that_posts_and_groups_count(lively: Result) -> None:
    chat, messages = lively.chat, lively.messages
    answered = chat["answers_post"].value_counts()
    if not lively.members["admitted_h"].lt(0).any():  # replies to a message are counted through the history, too
        assert messages["replies"].tolist() == answered.reindex(messages["message"], fill_value=0).tolist()
    to_brand, to_members = (chat[chat[name] >= 0].groupby("group").size() for name in ("answers_post", "answers_person"))
    groups = lively.groups["group"]
    brand, others = (counts.reindex(groups, fill_value=0).to_numpy() for counts in (to_brand, to_members))
    np.testing.assert_array_equal(lively.groups["mesh_index"], np.where(brand + others > 0, others / np.maximum(brand + others, 1), np.nan))
    assert min(brand.sum(), others.sum()) > 20
    depth = chat.set_index("line")["depth"]
    inside = chat[chat["answers_line"].isin(chat["line"])]
    assert (depth[inside["answers_line"]].to_numpy() + 1 == inside["depth"].to_numpy()).all()
    # Depth 1 without a line answers a message of the brand, or a member's packet.
    first = chat[(chat["depth"] > 0) & (chat["answers_line"] < 0)]
    assert (first["depth"] == 1).all()
    assert set(first.loc[first["answers_post"] < 0, "answers_person"]) <= {*lively.packets["sender"]}


def test_claims_are_what_members_hold_and_the_brand_pays(lively: Result) -> None:
    claims, packets = lively.claims, lively.packets
    brand = claims["sender"] < 0
    assert min(brand.sum(), (~brand).sum()) > 50
    members = lively.members.set_index("person")
    for own, column in ((brand, "claimed_yuan"), (~brand, "received_yuan")):
        held = claims[own].groupby("person")["received_yuan"].sum().reindex(members.index, fill_value=0.0)
        assert (fen(held) == fen(members[column])).all(), column
    dropped = packets[packets["sender"] < 0]
    returned = fen(dropped["yuan"]) - fen(dropped["claimed_yuan"])
    assert (
        fen(claims[brand]["received_yuan"]).sum() == fen(lively.summary["red_packet_cost"]) == fen(dropped["yuan"]).sum() - returned.sum()
    )
    of_packet = claims.groupby("packet")["received_yuan"].agg(["sum", "size"]).reindex(packets["packet"], fill_value=0)
    assert (fen(of_packet["sum"]) == fen(packets["claimed_yuan"])).all()
    assert (of_packet["size"].to_numpy() == packets["claimed"].to_numpy()).all()
    assert not claims.duplicated(["packet", "person"]).any()


def test_packets_of_members_are_what_they_gave(lively: Result) -> None:
    own = lively.packets[lively.packets["sender"] >= 0]
    members = lively.members.set_index("person")
    sent = own.groupby("sender")["yuan"].agg(["sum", "size"]).reindex(members.index, fill_value=0)
    assert (fen(sent["sum"]) == fen(members["given_yuan"])).all()
    assert (sent["size"].to_numpy() == members["packets_given"].to_numpy()).all()
    back = fen(own["yuan"]) - fen(own["claimed_yuan"])
    assert back[own["ended"]].sum() == fen(members["given_returned_yuan"]).sum()
    assert back[~own["ended"]].sum() == fen(members["given_out_yuan"]).sum()


def test_the_luckiest_has_the_largest_share(lively: Result) -> None:
    claims = lively.claims[lively.claims["packet"].isin(lively.packets["packet"])]  # of the others some was claimed before
    largest = claims.groupby("packet")["received_yuan"].transform("max")
    many = claims["packet"].map(lively.packets.set_index("packet")["shares"]) > 1
    ended = claims["packet"].map(lively.packets.set_index("packet")["ended"])
    assert (claims["received_yuan"] == largest)[claims["luckiest"]].all()
    per_packet = claims[many & ended].groupby("packet")["luckiest"].sum()
    pd.testing.assert_series_equal(per_packet, per_packet * 0 + 1, check_names=False)
    assert not claims["luckiest"][~(many & ended)].any()
