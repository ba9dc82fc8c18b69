"""What files other than orders show of a community: curves of made tables, counted by hand."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.brand_data.reading import read_folder
from experiments.calibrate import people as module
from experiments.calibrate.community import MOST_PEOPLE, beside, channels_of, community_world
from experiments.calibrate.people import People, curves_of, kept, people_of


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LEAST_AT_RISK", 1)


def community(tmp_path: Path, **files: str) -> People | None:
    for name, text in files.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    data = read_folder(tmp_path)
    assert data.bad.empty
    return people_of(data)


def curve(people: People, measure: str) -> dict[float, float]:
    table = curves_of(people, [])
    rows = table[table["measure"] == measure]
    return dict(zip(rows["week"], rows["value"], strict=True))


MEMBERS = """member,joined,left,channel,inviter
a,2026-01-05,,shop,
b,2026-01-05 10:00:00,2026-01-16,shop,a
c,2026-01-12,,card,a
d,2026-01-12,2026-01-13,card,b
e,,,card,a
"""


def test_people_who_are_still_there_are_not_taken_for_gone() -> None:
    # Exits after 1 and 3 weeks; two are seen for 2 and for 4 weeks only: 3/4 stay, then 1/2 of them.
    found = kept(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, False, True, False]), np.arange(5.0))
    np.testing.assert_allclose(found, [1, 0.75, 0.75, 0.375, 0.375])


def test_retention_and_invitations_of_members(tmp_path: Path) -> None:
    people = community(tmp_path, members=MEMBERS, messages="day,group,messages\n2026-02-01,g,3\n")
    assert people is not None
    assert (people.start, people.days, people.weeks) == ("2026-01-05", 28.0, 4)
    # d leaves after a day, b in the second week: 3 of 4 after a week, 2 of 4 after two. c is seen for three weeks.
    assert curve(people, "retention") == {0: 1, 1: 0.75, 2: 0.5, 3: 0.5, 4: 0.5}
    # a brought b at once and c after a week; b brought d in its first week; e never joined, and nobody knows when it came.
    exposure = (1 + 1 + 1 + 1 / 7, 1 + (11 - 7 - 10 / 24) / 7 + 1)
    assert curve(people, "invited") == pytest.approx(
        {0: 0, 1: 2 / exposure[0], 2: 2 / exposure[0] + 1 / exposure[1], **dict.fromkeys((3, 4), 2 / exposure[0] + 1 / exposure[1])}
    )


def test_activity_by_member(tmp_path: Path) -> None:
    messages = "day,member,messages\n2026-01-05,a,4\n2026-01-05,b,1\n2026-01-07,a,5\n2026-01-20,c,0\n"
    people = community(tmp_path, members=MEMBERS, messages=messages)
    assert people is not None
    # Week 1: ten messages of two members on seven days but the days are known from the first row to the last alone.
    assert curve(people, "messages")[1] == pytest.approx(10 / 14)
    assert curve(people, "writers")[1] == pytest.approx(3 / 14)
    assert curve(people, "messages")[2] == 0
    (top,) = [value for week, value in curve(people, "top_tenth").items() if np.isnan(week)]
    assert top == pytest.approx(0.9)


def test_what_is_not_there_is_not_shown(tmp_path: Path) -> None:
    people = community(tmp_path, members="member,joined\na,2026-01-05\nb,2026-01-12\n")
    assert people is not None
    assert set(curves_of(people, [])["measure"]) == {"retention"}


@pytest.mark.parametrize("text", ["member,added\na,2026-01-05\n", "member,joined\na,\n"], ids=["no column", "nobody"])
def test_no_community_where_nobody_joined(tmp_path: Path, text: str) -> None:
    assert community(tmp_path, members=text) is None


def test_invitations_of_their_own_file(tmp_path: Path) -> None:
    people = community(
        tmp_path,
        members="member,joined\na,2026-01-05\nb,2026-01-19\n",
        invitations="time,inviter,member\n2026-01-06,a,\n2026-01-06,a,b\n2026-01-07,nobody,c\n",
    )
    assert people is not None
    assert people.brought is not None
    assert people.brought.to_dict("list") == {"member": [0], "day": [1.0]}


def large(size: int) -> People:
    random = np.random.default_rng(1)
    return People(
        start="2026-01-07",
        days=98.0,
        joined=np.where(np.arange(size) < size // 4, 0.0, random.uniform(7.0, 98.0, size)),
        left=np.full(size, np.nan),
        channel=np.where(np.arange(size) % 2 == 0, "card", "elsewhere"),
        brought=None,
        wrote=None,
        talk=None,
    )


def test_the_simulated_community_grows_as_the_observed() -> None:
    brand = {"channels": {"card": {"join_share": 0.5}, "shop": {}}}
    people = large(4 * MOST_PEOPLE)
    assert channels_of(people, brand) == ["card"]
    world = community_world({"strategy": {"leads": {"shop": 9.0}}}, brand, people)
    assert world["population"]["size"] == MOST_PEOPLE / 4
    # Three eighths of the thousand come by the card in 91 days; half of those whom it brings join.
    assert world["strategy"]["leads"] == {"card": pytest.approx(MOST_PEOPLE * 3 / 8 / 91 / 0.5)}
    assert world["market"]["start_date"] == "2026-01-05"


def test_curves_of_runs_are_those_of_the_data() -> None:
    people = large(400)
    runs = [replace(people, left=np.where(np.arange(400) < gone, people.joined + 10.0, np.nan)) for gone in (40, 80)]
    table = beside(people, runs, ["card"]).set_index(["channel", "week"])
    assert table.loc[("all", 2), ["actual", "simulated"]].tolist() == pytest.approx([1.0, 1.0 - 60 / (people.joined <= 88.0).sum()])
    assert (table["low"] <= table["simulated"]).all()
    assert (table["high"] <= 1).all()


def test_a_community_may_stand_alone() -> None:
    table = beside(large(400), [], ["card"])
    assert table["actual"].notna().all()
    assert table["simulated"].isna().all()
