"""The service desk: hours of work, patience, the robot, and what becomes of a question in a community.

That mean waits are Erlang C's is row 4 of `fishpond validate`.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim import simulate
from sim.brand.desk import Desk, Shift
from sim.desk import ServiceDesk
from sim.queueing import length_hours, next_open
from sim.randomness import run_key
from sim.simulation import Result
from sim.world import REQUEST
from tests.sim.worlds import build, fen, null_tree, strategy_tree

RUN = run_key(17, 0)
ROUND_THE_CLOCK = "daily 00:00-24:00"
KEY = np.uint64(1)


def desk(people: int = 1, when: str = ROUND_THE_CLOCK, **fields: Any) -> ServiceDesk:
    """Return a desk with one shift."""
    return ServiceDesk(Desk.model_validate({"shifts": {"all": {"when": when, "people": people}}, **fields}), 0.0)


def ask(served: ServiceDesk, hours: Any, patience_h: float = 1e9) -> Any:
    """Return how questions of one person at given hours are served."""
    questions = np.zeros(len(hours), REQUEST)
    questions["time_h"], questions["key"], questions["nth"], questions["offer"] = hours, KEY, np.arange(len(hours)), -1
    return served.serve(RUN, questions, patience_h, 15, 0.0)


@pytest.mark.parametrize("sigma", [None, 0.0, 0.8])
def test_conversations_have_their_mean_length(sigma: float | None) -> None:
    record = desk(minutes=5.0, minutes_sigma=sigma).record[0]
    lengths = np.array([length_hours(record, RUN, KEY, nth) for nth in range(20_000)])
    # 4 standard errors of the mean in theory (1 for the exponential; e to the square of sigma, less 1, for the log-normal).
    spread = 1.0 if sigma is None else math.sqrt(math.expm1(sigma * sigma))
    assert lengths.mean() * 60.0 == pytest.approx(5.0, abs=4 * 5.0 * spread / math.sqrt(20_000) + 1e-9)


# ---- hours, patience, robot ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "hour", "opens"),
    [
        ("daily 09:00-21:00", 3.0, 9.0),
        ("daily 09:00-21:00", 12.5, 12.5),
        ("daily 09:00-21:00", 21.0, 33.0),
        ("Mon-Fri 09:00-18:00", 4 * 24 + 18.0, 7 * 24 + 9.0),
        ("Fri-Mon 10:00-12:00", 24.0, 4 * 24 + 10.0),
        ("Sat,Sun 10:00-24:00", 0.0, 5 * 24 + 10.0),
        (ROUND_THE_CLOCK, 24.0, 24.0),
    ],
)
def test_hours_of_work(text: str, hour: float, opens: float) -> None:
    assert next_open(desk(when=text).places[0], hour) == opens


@pytest.mark.parametrize(
    "text", ["", "daily", "09:00-21:00", "daily 21:00-09:00", "daily 9-21", "someday 09:00-21:00", "Mon-Tue-Wed 09:00-10:00"]
)
def test_hours_that_make_no_sense_are_refused_in_one_line(text: str) -> None:
    with pytest.raises(ValidationError, match="takes"):
        desk(when=text)


def test_a_question_of_the_night_waits_for_the_morning_and_the_first_is_first() -> None:
    served = desk(when="daily 09:00-21:00", minutes_sigma=0.0, minutes=30.0)
    talks = ask(served, (2.0, 8.0, 9.25, 20.9, 21.0))
    assert (talks["asked_h"] + talks["waited_h"]).tolist() == pytest.approx([9.0, 9.5, 10.0, 20.9, 33.0])
    assert talks["ended_h"][3] == pytest.approx(21.4)  # begun in time: finished
    assert talks["overdue_h"].tolist() == pytest.approx([0.0, 0.5, 0.75, 0.0, 0.0])


def test_a_wait_is_overdue_from_the_first_hour_at_which_anybody_works() -> None:
    shifts = {"early": Shift(when="Mon-Fri 08:00-12:00", people=1), "late": Shift(when="daily 10:00-20:00", people=1)}
    served = ServiceDesk(Desk(shifts=shifts, minutes=60.0, minutes_sigma=0.0), 0.0)
    talks = ask(served, (7.0, 7.5, 12.0, 5 * 24 + 7.0))
    assert (talks["asked_h"] + talks["waited_h"]).tolist() == pytest.approx([8.0, 9.0, 12.0, 5 * 24 + 10.0])
    assert talks["overdue_h"].tolist() == pytest.approx([0.0, 1.0, 0.0, 0.0])


def test_more_people_never_make_anybody_wait_longer() -> None:
    asked_h = np.cumsum(np.random.default_rng(3).exponential(0.1, 2000))
    waits = []
    for people in (1, 2, 4):
        served = desk(people, when="daily 08:00-20:00", minutes=9.0)
        waits.append(ask(served, asked_h)["waited_h"])
    assert (np.diff(waits, axis=0) <= 1e-9).all()
    assert np.mean(waits[0]) > 2 * np.mean(waits[2])


def test_who_waits_beyond_patience_gives_up_and_takes_nobodys_time() -> None:
    served = desk(minutes_sigma=0.0, minutes=120.0)
    talks = ask(served, (0.0, 0.25, 0.5), 2.0)
    assert talks["waited_h"].tolist() == talks["overdue_h"].tolist() == [0.0, 1.75, math.inf]
    assert talks["ended_h"][2] == 0.5 + 2.0
    assert served.places["free_h"].tolist() == [4.0]
    nobody = ask(ServiceDesk(Desk(), 0.0), [5.0], 48.0)[0]
    assert (nobody["waited_h"], nobody["ended_h"]) == (math.inf, 53.0)


def test_a_robot_answers_its_share_at_once() -> None:
    talks = ask(ServiceDesk(Desk(robot_share=0.3), 0.0), np.full(5000, 7.0), 1.0)
    robots = talks[talks["script"] == 1]
    assert set(robots["waited_h"]) == set(robots["overdue_h"]) == {0.0}
    assert set(robots["ended_h"]) == {7.0}
    # 4 standard errors of a share of .3.
    assert len(robots) / 5000 == pytest.approx(0.3, abs=4 * math.sqrt(0.3 * 0.7 / 5000))


# ---- in a community -----------------------------------------------------------------------------------------------------

ASKING = {"behaviour.asking": {"per_day": 0.4, "per_content": 0.1, "persuasion": 6.0}, "population.size": 200}
STAFFED = {"shifts": {"day": {"when": "daily 09:00-21:00", "people": 3}}}


def run(plan: dict[str, Any], **changes: Any) -> Result:
    """Return two weeks in which members ask a desk."""
    tip = {"kind": "content_post", "when": "daily 12:00", "column": "tips"}
    return simulate(build(null_tree(tip=tip), {**ASKING, "strategy.desk": plan, **changes}), 4)


@pytest.fixture(scope="module")
def served() -> Result:
    return run({**STAFFED, "coupon_yuan": 5.0})


def test_every_question_is_counted_once(served: Result) -> None:
    summary = served.summary
    assert summary["questions"] > 500
    assert summary["questions"] == served.members["questions"].sum() == served.daily["questions"].sum()
    assert 0.9 * summary["questions"] < summary["questions_answered"] < summary["questions"]
    assert summary["mean_wait_minutes"] > 60.0, "who asks at night waits for the morning"
    assert summary["slow_answers"] == 0.0, "and three people answer all of them within two hours of it"


def test_conversations_sell_and_their_orders_are_in_all_accounts(served: Result) -> None:
    orders = served.orders[served.orders["kind"] == "service"]
    assert len(orders) > 20
    assert (orders["time_h"] * 4 % 1 == 0).all(), "answers come at ticks"
    assert (orders["paid_yuan"] == orders["list_yuan"]).all()
    assert (orders["coupon_yuan"] == 5.0).any()
    assert fen(served.summary["service_gmv"]) == fen(orders["paid_yuan"]).sum()
    assert fen(served.summary["gmv"]) == fen(served.members["gmv"]).sum() == fen(served.daily["gmv"]).sum()
    assert fen(served.summary["coupon_cost"]) == fen(served.orders["coupon_yuan"]).sum() > 0


def test_no_conversation_sells_in_the_null_world_without_persuasion() -> None:
    plain = run(
        STAFFED, **{"behaviour.asking": {"per_day": 0.4, "persuasion": 0.0, "weight": 0.0}, "behaviour.buying": {"relevance_weight": 0.0}}
    )
    silent = run(STAFFED, **{"behaviour.asking": {}, "behaviour.buying": {"relevance_weight": 0.0}})
    assert plain.summary["questions"] > 500 > silent.summary["questions"] == 0
    assert plain.summary["gmv"] == silent.summary["gmv"]


def test_people_at_the_desk_are_paid_for_their_days() -> None:
    shifts = {"week": {"when": "weekdays 09:00-18:00", "people": 2}, "weekend": {"when": "Sat,Sun 10:00-16:00", "people": 1}}
    assert run({"shifts": shifts}).summary["staff_cost"] == 2 * (5 * 2 + 2 * 1) * 260.0


def test_trust_suffers_when_nobody_answers_and_more_people_answer_sooner() -> None:
    trusting = {"behaviour.trust": {}}
    nobody, few, many = (run({"shifts": {"day": {"when": ROUND_THE_CLOCK, "people": n}}, "minutes": 8.0}, **trusting) for n in (0, 1, 4))
    assert np.isnan(nobody.summary["mean_wait_minutes"])
    assert nobody.summary["slow_answers"] == 1.0
    assert few.summary["mean_wait_minutes"] > 5 * many.summary["mean_wait_minutes"] > 0
    assert nobody.summary["mean_trust"] < few.summary["mean_trust"] < many.summary["mean_trust"]
    assert nobody.summary["questions_answered"] == 0


def test_waits_are_those_of_exact_times_not_of_ticks() -> None:
    # With people to spare and an open desk nobody waits, though answers come at ticks of an hour.
    idle = run({"shifts": {"all": {"when": ROUND_THE_CLOCK, "people": 60}}}, **{"clock.tick_minutes": 60})
    assert idle.summary["mean_wait_minutes"] == 0.0
    service = idle.orders[idle.orders["kind"] == "service"]["time_h"]
    assert len(service) > 0
    assert (service % 1 == 0).all()


def test_after_a_history_only_what_was_asked_since_counts_and_the_new_desk_answers_it() -> None:
    slow = {**strategy_tree(), "desk": {"shifts": {"day": {"when": "daily 12:00-13:00"}}, "minutes": 30.0}}
    both = run(STAFFED, history={"strategy": slow, "days": 7})
    alone = run(STAFFED)
    for result in (both, alone):
        assert result.summary["questions"] == result.members["questions"].sum() == result.daily["questions"].sum() > 500
    assert both.summary["mean_wait_minutes"] == pytest.approx(alone.summary["mean_wait_minutes"], rel=0.2)
    assert both.summary["staff_cost"] == alone.summary["staff_cost"] == 14 * 3 * 260.0


def test_who_computes_it_and_when_does_not_matter() -> None:
    tip = {"kind": "content_post", "when": "daily 12:00", "column": "tips"}
    flash = {"kind": "flash_sale", "when": "daily 19:50", "product": "hero", "stock": 3, "window": "2h"}
    # One person cannot keep up, and the sale makes the grid finer while questions of the usual one wait.
    asking = {"behaviour.asking": {"per_day": 1.0, "per_offer": 3.0}, "population": {"size": 160, "group_size": 20}, "horizon_days": 4.0}
    scenario = build(null_tree(tip=tip, flash=flash), {**asking, "strategy.desk": {"shifts": {"day": {"when": "daily 08:00-22:00"}}}})
    one = simulate(scenario, 3)
    for settings in ({"threads": 3}, {"eager": True}, {"backwards": True, "threads": 2}):
        other = simulate(scenario, 3, **settings)
        np.testing.assert_equal(other.summary, one.summary)
        assert other.orders.equals(one.orders)
    assert one.summary["questions_answered"] > 100
    assert one.summary["slow_answers"] > 0.1


def test_who_is_moved_while_they_wait_is_answered_where_they_are() -> None:
    flash = {"kind": "flash_sale", "when": "daily 11:50", "product": "hero", "stock": 3, "window": "2h"}
    honour = {"kind": "promote", "when": "daily 12:07,18:00", "to": "best", "by": "orders", "at_least": 0, "most": 15}
    changes = {
        "behaviour.asking": {"per_day": 1.0, "per_offer": 3.0},
        "population": {"size": 160, "group_size": 20},
        "horizon_days": 4.0,
        "strategy.groups": {"best": {"kind": "vip", "capacity": 25}},
        "strategy.desk": {"shifts": {"day": {"when": "daily 08:00-22:00"}}, "minutes": 10.0},
    }
    scenario = build(null_tree(flash=flash, honour=honour), changes)
    one = simulate(scenario, 3, trace=160)
    told = one.biographies
    # After two days at most everybody has their answer, or has given up.
    moves = told[(told["event"] == "move") & told["question_open_before"] & (told["time_h"] < 48.0)]
    assert len(moves) > 10
    answers = told[told["event"] == "answer"].groupby("key")["time_h"].max()
    assert (answers.reindex(moves["key"]).to_numpy() > moves["time_h"].to_numpy()).all()
    assert one.summary["questions"] == one.members["questions"].sum() == one.daily["questions"].sum()
    for settings in ({"threads": 3}, {"eager": True}, {"backwards": True, "threads": 2}):
        other = simulate(scenario, 3, trace=160, **settings)
        np.testing.assert_equal(other.summary, one.summary)
        assert other.biographies.equals(one.biographies)
