"""The command `strategies`: the list, a plan shown, its calendar, the schema of its file; and the plan in a report."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from matplotlib.collections import PathCollection
from pydantic import TypeAdapter

from experiments import load
from experiments.command import main
from experiments.figures import draw_calendar
from experiments.figures.calendar import calendar
from experiments.figures.letters import can_be_drawn, families
from experiments.known_keys import KnownKeys, schema_of
from experiments.settings import JOB_KEYS
from experiments.strategies import words
from experiments.strategies.job_keys import job_properties
from experiments.strategies.listing import as_section, strategies_in
from experiments.strategies.plan import Plan, plan_of, plan_of_values
from experiments.strategies.schema import as_json, scenario_schema, strategy_schema
from experiments.strategies.section import Section
from experiments.strategies.settings import settings
from experiments.strategies.showing import head, sections
from experiments.strategies.shown import as_tables, as_text
from experiments.strategies.week import week
from sim import Scenario
from sim.brand.actions import AnyAction
from sim.brand.rhythm import fixed_slots
from sim.brand.timetable import occurrences
from tests.experiments.conftest import STRATEGIES, Answer, Fishpond

ROOT = Path(__file__).resolve().parents[2]

#: A plan with everything that a plan may have.
LAUNCH = """\
defaults: [fish_raising, _self_]
name: launch
description: launches in two phases, journeys for newcomers and sleepers
segments: {loyal: {who: members, orders_min: 3, ordered_until: 60d}}
splits: {try_out: {treated: 0.3}, halves: {unit: group}}
rules:
  messages_per_group_day: 3
  stops: {tired: {muted_share: 0.4, kinds: [sales_post], items: [fun]}}
groups: {best: {kind: vip, channels: [store_guide], gate: {kind: fee, fee_yuan: 19}, moderation: {removed_share: 0.9}}}
moderation: {yuan_per_day: 4}
desk: {shifts: {day: {when: "Mon-Fri 09:00-18:00", people: 2}}, robot_share: 0.25, coupon_yuan: 10, floor_yuan: 50}
guides: {compliance_mean: 0.7}
budget: {month_yuan: 9000, items: {launch_wave: 8000}}
referral: {incentive: 0.5, reward_yuan: 5}
tiers: {levels: {gold: {spend_yuan: 500, discount: 0.05}}}
programme:
  twice: {kind: check_in, when: "daily 08:00,21:00", from_day: 3, until_day: 10}
  once: {kind: prune, when: "day 30 09:30"}
  clean: {kind: prune, when: "Sun 23:00"}
  tall: {kind: content_post, when: "weekends 09:00", column: tips, split: halves.treated}
campaigns:
  launch_wave:
    description: seed, convert, rest
    when: every 30 days from day 5
    rounds: 2
    phases:
      seeding: {days: 5, programme: {tease: {kind: content_post, when: "daily 12:00", column: stories}}}
      conversion:
        days: 6
        programme:
          open: {kind: flash_sale, when: "day 0 20:00", product: hero, discount: 0.25, stock: 80, announce: 1d}
          remind: {kind: sales_post, when: "every 2 days 20:00 from day 1", product: hero, discount: 0.15}
      cool: {days: 4}
  women:
    when: festival women_day
    lead_days: 5
    phases:
      warm: {days: 4, programme: {note: {kind: one_to_one, when: "Wed,Fri 11:00", to: loyal}}}
      sale: {days: 2, programme: {deal: {kind: sales_post, when: "festival women_day 20:00", product: premium, discount: 0.3}}}
  mondays: {when: Mon, phases: {only: {days: 1, programme: {hi: {kind: content_post, when: "daily 07:00", column: care}}}}}
journeys:
  newcomer:
    description: ask, then offer
    trigger: joined
    to: {channels: [paid_bait, parcel_card]}
    exits: [left, order]
    steps:
      ask: {after: 2d, do: {kind: survey}}
      offer: {after: 36h, do: {kind: coupon, channel: one_to_one, amount_yuan: 15, floor_yuan: 60, valid: 3d, to: {orders_max: 0}}}
  asleep:
    trigger: silent
    days: 21
    split: try_out.treated
    again_after: 60d
    steps: {wake: {do: {kind: one_to_one, column: care, coupon_yuan: 20}}}
  rescue: {trigger: group_dying, steps: {packet: {do: {kind: red_packet, amount_yuan: 5, shares: 5}}}}
"""


@pytest.fixture
def real(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fishpond:
    """Call the command line on the configuration of the package, from an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Answer:
        code = main(arguments)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


def own(text: str, name: str = "launch", group: str = "strategy") -> None:
    """Write a file into the conf of the current folder."""
    path = Path(f"conf/{group}/{name}.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenario]:
    before = Path.cwd()
    os.chdir(tmp_path_factory.mktemp("launch"))
    own(LAUNCH)
    try:
        yield load("strategy=launch")
    finally:
        os.chdir(before)


@pytest.fixture(scope="module")
def tables(launch: Scenario) -> dict[str, Section]:
    return {section.title: section for section in sections(plan_of(launch))}


def toy_plan(programme: dict[str, Any], **changes: Any) -> Plan:
    """Return a plan of plain values that no model knows."""
    values = {"horizon_days": 30.0, "strategy": {"name": "toy", "programme": programme}, **changes}
    return plan_of_values(values, Scenario)


# ---- when items come ------------------------------------------------------------------------------------------------------


#: Its hour is the first after its phase.
COUNTDOWN = "+strategy.campaigns.launch_wave.phases.seeding.programme.drums={kind: hype, when: day 5 00:00, product: hero}"


@pytest.mark.parametrize(
    "changes", [(), ("horizon_days=17.3",), ("history.strategy=kill_pig", "history.days=17"), ("horizon_days=400",), (COUNTDOWN,)]
)
def test_occasions_are_those_of_the_simulator(launch: Scenario, real: Fishpond, changes: tuple[str, ...]) -> None:
    own(LAUNCH)
    scenario = load("strategy=launch", *changes)
    plan = plan_of(scenario)
    found = {item.name: item.hours for item in plan.programme}
    found |= {item.name: item.hours for campaign in plan.campaigns for phase in campaign.phases for item in phase.items}
    begins = scenario.switch_hours
    expected = {
        planned.name: tuple(
            occurrence.hour - begins
            for occurrence in occurrences(scenario.strategy, planned, begins, scenario.end_hours, scenario.festivals())
        )
        for planned in scenario.strategy.planned
        if planned.journey is None
    }
    assert found == expected
    assert sum(map(len, found.values())) > 50


@pytest.mark.parametrize("strategy", ["kill_pig", "fish_raising", "launch"])
def test_habits_are_those_of_the_simulator(real: Fishpond, strategy: str) -> None:
    own(LAUNCH)
    scenario = load(f"strategy={strategy}")
    assert plan_of(scenario).habits == set(fixed_slots(scenario.strategy.programme))


def test_plain_values_say_the_same_as_the_scenario(launch: Scenario) -> None:
    """Those of the folder of an experiment; what another version has left there is read all the same."""
    plan = plan_of(launch)
    assert sections(plan_of_values(plan.values, Scenario)) == sections(plan)
    older = {**plan.values, "gone": 1}
    assert plan_of_values(older, Scenario).habits is None
    assert [section.title for section in sections(plan_of_values(older, Scenario))] == [section.title for section in sections(plan)]


def test_without_groups_nothing_has_an_occasion() -> None:
    plan = plan_of(load("strategy=fish_raising", "strategy.community=false"))
    assert not any(item.hours for item in plan.programme)
    assert calendar(plan) is None
    assert "nothing of the programme" in as_text(sections(plan))


# ---- tables ---------------------------------------------------------------------------------------------------------------


def test_the_week_has_hours_below_and_weekdays_beside_each_other(tables: dict[str, Section]) -> None:
    shown = tables["The week"]
    assert shown.columns == ("hour", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    assert shown.rows == (
        ("08:00", *["twice*"] * 7),
        ("09:00", *[""] * 5, "tall*", "tall*"),
        ("10:00", "morning_tip*", "", "", "morning_tip*", "", "", ""),
        ("12:30", "", "story*", "", "", "", "story*", ""),
        ("20:00", "", "", "member_day*", "", "fun*", "", "red_packet*"),
        ("21:00", *["twice*"] * 7),
        ("23:00", *[""] * 6, "clean"),  # nobody waits for it
    )
    assert "form a habit" in shown.notes[0]


@pytest.mark.parametrize(
    ("when", "cells"),
    [
        ("Wed 20:00", {("20:00", 3)}),
        ("Mon,Thu 12:00", {("12:00", 1), ("12:00", 4)}),
        ("weekdays 9:05", {("09:05", day) for day in range(1, 6)}),
        ("weekends 21:00", {("21:00", 6), ("21:00", 7)}),
        ("daily 10:00, 20:00", {(hour, day) for hour in ("10:00", "20:00") for day in range(1, 8)}),
        ("Sunday 23:59", {("23:59", 7)}),
    ],
)
def test_every_form_of_a_weekly_time(when: str, cells: set[tuple[str, int]]) -> None:
    shown = week(toy_plan({"x": {"kind": "post", "when": when}}))
    assert {(row[0], place) for row in shown.rows for place, cell in enumerate(row) if place and cell == "x"} == cells
    assert shown.notes == ()  # a model that is not known does not say what a habit is


@pytest.mark.parametrize(
    ("when", "days"),
    [
        ("day 3 20:00", "day 3"),
        ("day 31 20:00", "never within these days"),
        ("every 11 days 20:00", "day 0, 11, 22"),
        ("every 11 days 20:00 from day 5", "day 5, 16, 27"),
        ("every 1 days 20:00", "day 0, 1, 2, 3, 4, 5, 6, 7, ... (30 days)"),
        ("festival spring 20:00", "day 9"),
        ("festival autumn 20:00", "never within these days"),
        ("festival nowhere 20:00", "never within these days"),
        ("whenever", "never within these days"),
        (["Mon 10:00", "Fri 12:00"], "never within these days"),
    ],
)
def test_every_form_of_another_time(when: Any, days: str) -> None:
    market = {"start_date": "2026-01-05", "festivals": {"spring": "01-14", "autumn": "09-01"}}
    plan = toy_plan({"x": {"kind": "post", "when": when}, "broken": None}, market=market)
    shown = {section.title: section for section in sections(plan)}
    assert shown["The week"].notes == ("Nothing comes on fixed days of the week.",)
    written = " / ".join(when) if isinstance(when, list) else when
    assert shown["Other items"].rows == (("x", written, days, "post", ""),)
    assert calendar(plan) is None or days != "never within these days"


def test_items_campaigns_and_journeys_are_described(tables: dict[str, Section]) -> None:
    assert tables["Items of the week"].rows[-3][:4] == (
        "twice",
        "daily 08:00,21:00, from day 3, until day 10",
        "check_in",
        "14 times",
    )
    others = {row[0]: row for row in tables["Other items"].rows}
    assert others["once"] == ("once", "day 30 09:30", "day 30", "prune", "")
    assert others["welcome"][2] == "from day 0 on"
    assert others["festival_gift"][2] == "day 62"
    wave = tables["Campaign launch_wave"]
    assert wave.notes[:2] == (
        "seed, convert, rest",
        "A round begins: every 30 days from day 5, 2 rounds at most. 2 rounds within 90 days: day 5, 35.",
    )
    assert wave.rows == (
        ("seeding", "0 to 4", "tease", "daily 12:00", "content_post", "10 times", "column stories"),
        (
            *("conversion", "5 to 10", "open", "day 0 20:00", "flash_sale", "2 times"),
            "product hero, discount 25 %, stock 80, window 2h, announce 1d",
        ),
        (
            *("conversion", "5 to 10", "remind", "every 2 days 20:00 from day 1", "sales_post", "6 times"),
            "product hero, discount 15 %, window 1d",
        ),
        ("cool", "11 to 14", "(pause)", "", "", "", ""),
    )
    assert tables["Campaign women"].rows[0][-1] == "to segment loyal"
    assert "5 days ahead. 1 round within 90 days: day 57." in tables["Campaign women"].notes[0]
    assert "(13 days)" in tables["Campaign mondays"].notes[0]
    newcomer = tables["Journey newcomer"]
    assert newcomer.notes == (
        "ask, then offer",
        "Trigger: joined. Who sets out: came by paid_bait / parcel_card.",
        "Ends early by: left, order. Looked at every 1h; again at any time.",
    )
    assert newcomer.rows == (
        ("ask", "2d", "survey", ""),
        ("offer", "36h", "coupon", "product hero, amount_yuan 15, to 0 orders, channel one_to_one, floor_yuan 60, valid 3d"),
    )
    assert tables["Journey asleep"].notes[0] == "Trigger: silent (for 21 days). Who sets out: everybody; only try_out.treated."
    assert tables["Journey asleep"].rows == (("wake", "at once", "one_to_one", "coupon_yuan 20"),)
    assert tables["Journey rescue"].notes[0] == "Trigger: group_dying (for 7 days). Who sets out: groups."


def test_people_and_money_are_described(tables: dict[str, Section]) -> None:
    assert tables["Segments"].rows == (("loyal", "members of groups, at least 3 orders, last order within 60d"),)
    assert tables["Splits"].rows == (("try_out", "30 % of people"), ("halves", "50 % of groups"))
    assert tables["Rules"].rows == (
        ("messages to a group a day at most", "3"),
        ("stop tired", "every sales_post, fun in a group of which more than 40 % of members have muted it"),
        ("mass messages a day at most", "1 to a group, 1 to a person"),
    )
    assert tables["Types of groups"].rows[0][:4] == ("best", "vip", "store_guide", "fee (19 yuan)")
    assert tables["Types of groups"].rows[0][-1] == "90 % of adverts removed after 30 minutes"
    assert tables["Ordinary groups"].rows == (("order", "4 yuan a day and group"),)
    assert tables["Staff"].rows[:2] == (("payroll", "2 full-time, 520 yuan a day"), ("desk, shift day", "2 people, Mon-Fri 09:00-18:00"))
    assert tables["Staff"].rows[-2:] == (("robot", "answers 25 % of questions at once, script 0.3"), ("guides", "compliance_mean 0.7"))
    assert tables["Contacts"].rows[1] == ("store_guide", "2", "8", "16")
    assert tables["Budget"].rows == (
        ("budget over the whole run", "50000 yuan"),
        ("budget in each 30 days", "9000 yuan"),
        ("budget of launch_wave", "8000 yuan over the whole run"),
        ("deepest discount allowed", "30 %"),
        ("referral", "5 yuan to who invited somebody, members invite by a factor of 1.5"),
        ("tier gold", "5 % off everything from 500 yuan within 90 days"),
    )


def test_the_head_says_for_which_days_the_plan_is_shown(real: Fishpond) -> None:
    shown = head(plan_of(load("strategy=kill_pig", "history.strategy=fish_raising", "history.days=10", "horizon_days=60")))
    assert dict(shown.rows) == {
        "brand": "beauty",
        "days": "60 from Thursday 2026-01-15",
        "festivals in them": "valentine (day 30), women_day (day 52)",
        "before day 0": "fish_raising for 10 days",
    }
    assert date(2026, 1, 15).strftime("%A") == "Thursday"


def test_every_kind_of_action_is_described() -> None:
    text = (ROOT / "docs" / "reference" / "configuration.md").read_text(encoding="utf-8")
    blocks = [yaml.safe_load(block) for block in text.split("```yaml\n")[1:] for block in [block.split("```")[0]]]
    items = [item for block in blocks for item in block.values() if isinstance(item, dict) and "kind" in item]
    fields = KnownKeys(schema_of(Scenario))
    actions = TypeAdapter(AnyAction)
    for written in items:
        item = actions.validate_python(written).model_dump(mode="json")
        values = {"strategy": {"programme": {"x": item}}}
        notes = fields.group(("strategy", "programme", "x"), values)["properties"]
        assert "{" not in settings(item, notes)


def test_what_no_model_knows_is_shown_as_it_stands() -> None:
    item = {
        "kind": "x",
        "discount": 0.2,
        "off": False,
        "on": True,
        "deep": {"price": 9.5},
        **{f"n{number}": number + 1 for number in range(8)},
    }
    assert settings(item, {}) == "discount 0.2, on yes, deep.price 9.5, n0 1, n1 2, n2 3 (and 5 more)"


def test_words() -> None:
    assert [words.duration(hours) for hours in (24, 36, 336, 1 / 3, 0.5, 0, 1.01)] == ["1d", "36h", "14d", "20min", "30min", "0h", "1.01h"]
    assert words.one_line("a\n b\x1b[31m\u202e") == "a b\\x1b[31m\\u202e"
    to = {"who": "outside", "orders_min": 1, "orders_max": 4, "ordered_from": 48.0, "ordered_until": 72.0, "admitted_from": 24.0}
    assert words.audience(to) == "people outside groups, 1 to 4 orders, last order 2d to 3d ago, came in at least 1d ago"
    assert (
        words.audience({"birthday": True, "tags": ["a", "b"], "spent_min_yuan": 5})
        == "spent at least 5 yuan, whose birthday it is, tag a / b"
    )
    assert words.value(False) == "no"
    assert words.value({"skin": "tips"}) == "skin: tips"
    assert words.file_name("a/b c") == "a_b_c"


# ---- on a screen ----------------------------------------------------------------------------------------------------------


def test_tables_fit_a_terminal_and_show_names_as_they_are() -> None:
    section = Section("[bold]x", ("hour", "Mon"), (("10:00", "[red]a[/red], b" * 9), ("11:00", "早安")), ("[link=x]note",))
    drawn = as_tables([section, Section("empty")], 60, styled=False)
    assert max(map(len, drawn.splitlines())) <= 60
    assert drawn.startswith("[bold]x\n  [link=x]note\n")
    assert "\x1b[" in as_tables([section], 60)
    assert as_text([section]).splitlines()[-1] == "  11:00  早安"


# ---- the command ----------------------------------------------------------------------------------------------------------


def test_all_strategies_are_listed(real: Fishpond) -> None:
    own(LAUNCH)
    own("defaults: [launch, _self_]\nname: heir\n", "heir")
    own("name: deep\ndescription: |\n  two\n  lines\n", "folder/deep")
    own("name: far\ndescription: from elsewhere\n", "far", "../other/strategy")
    answer = real("strategies", "hydra.searchpath=[other]")
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[0].split() == ["strategy=", "from", "description"]
    starts = {line.split()[0]: line for line in lines[1:]}
    assert {"kill_pig", "fish_raising", "no_community", "launch", "heir", "folder/deep", "far"} <= set(starts)
    column = lines[0].index("description")
    assert all(line[column - 2 : column] == "  " and line[column] != " " for line in lines)
    assert starts["heir"].endswith("launches in two phases, journeys for newcomers and sleepers")
    assert starts["folder/deep"].endswith("two lines")
    assert starts["far"].split()[1] == "other"
    assert real("strategies", "show=folder/deep").code == 2  # its name is that of its file, with the folder


def test_hostile_files_are_listed_and_harm_nobody(real: Fishpond) -> None:
    own("name: kill_pig\n", "kill_pig")
    own("a: [1\nb: 2", "torn")
    own("- 1\n- 2\n", "list")
    own("", "empty")
    own('name: x\ndescription: "[red]a\\e[2Jb\\u202Ec</td>"\n', "red [b]")
    own("defaults: [round_b, _self_]\n", "round_a")
    own("defaults: [round_a, {override /brand: x}, null]\n", "round_b")
    own("description: {a: 1}\nname: ~\n", "odd")
    own("a: &a [1]\nb: &b [*a, *a]\n" + "".join(f"c{n}: &c{n} [*b, *b, *b]\n" for n in range(50)), "bomb")
    own(f"a: {'[' * 5000}", "deep")
    Path("conf/strategy/latin.yaml").write_bytes(b"description: \xff\xfe")
    Path("conf/strategy/line\nbreak.yaml").write_text("name: x")
    Path("conf/strategy/folder.yaml").mkdir()
    os.mkfifo("conf/strategy/pipe.yaml")
    Path("conf/strategy/nowhere.yaml").symlink_to("missing")
    answer = real("strategies")
    assert answer.code == 0, answer.err
    assert not [letter for letter in answer.out if not letter.isprintable() and letter != "\n"]
    lines = {line.split("  ")[0]: line for line in answer.out.splitlines()}
    assert "not valid YAML, line 2" in lines["torn"]
    assert "holds no strategy" in lines["list"]
    assert "[red]a\\x1b[2Jb\\u202ec</td>" in lines["red [b]"]
    assert [line for line in answer.out.splitlines() if "not used: fishpond has a strategy of this name" in line]
    assert not {"pipe", "nowhere", "folder"} & set(lines)
    drawn = as_tables([as_section(strategies_in(ROOT / "configs"))], 70, styled=False)
    assert "[red]a" in drawn


def test_a_plan_is_shown_and_drawn(real: Fishpond) -> None:
    answer = real("strategies", "show=fish_raising", "horizon_days=30", "brand=apparel", "strategy.programme.fun.when='Fri 21:15'")
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert lines[0] == "fish_raising"
    assert "21:15" in answer.out
    assert "30 from Monday 2026-01-05" in answer.out
    assert lines[-1] == f"{Path('outputs/strategies-fish_raising/calendar')}.png and .svg"
    assert Path("outputs/strategies-fish_raising/calendar.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert real("strategies", "show=no_community", "out=a").out.splitlines()[-1].startswith("no calendar")
    assert not Path("a").exists()


def test_an_own_plan_is_shown_where_it_is_wanted(real: Fishpond) -> None:
    own(LAUNCH.replace("name: launch\n", "name: my plan\n"), "my plan")
    answer = real("strategies", "show=my plan", "out=here")
    assert answer.code == 0, answer.err
    assert "Journey newcomer" in answer.out
    assert Path("here/calendar.png").is_file()
    config = real("strategies", "show=my plan", "out=there", "--show-config")
    assert yaml.safe_load(config.out)["strategy"]["name"] == "my plan"
    assert not Path("there").exists()
    Path("file").write_text("")
    assert real("strategies", "show=my plan", "out=file").errors[-1].startswith("out: cannot write to file: ")


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["show=fish_rasing"], f"show: got 'fish_rasing'; it takes {STRATEGIES}; did you mean fish_raising?"),
        (["show="], "show: it is set by show=NAME"),
        (["show"], "show: it is set by show=NAME"),
        (["show=a", "show=b"], "show: got 'a' and 'b'; it takes one value"),
        (["shw=kill_pig"], "shw: not a key of strategies; it takes show=NAME, schema=true, import=FILE name=NAME; did you mean show?"),
        (
            ["strategy.staff.people=1"],
            "strategy.staff.people: not a key of strategies; it takes show=NAME, schema=true, import=FILE name=NAME; "
            "overrides go with show=NAME",
        ),
        (["show=kill_pig", "name=x"], "name: a key of import; it goes with import=FILE name=NAME"),
        (
            ["show=kill_pig", "schema=true"],
            "show and schema: got both; strategies takes one of show=NAME, schema=true, import=FILE name=NAME",
        ),
        (["schema=scenaro"], "schema: got 'scenaro'; it takes true or scenario; did you mean scenario?"),
        (["schema=true", "brand=apparel"], "brand: not a key beside schema; it takes schema=true or schema=scenario alone"),
        (["hydra.searchpath=[nowhere]"], "hydra.searchpath: got nowhere; there is no such folder"),
        (["--show-config"], "--show-config: shows nothing here; it goes with show=NAME or import=FILE"),
        (["show=kill_pig", "strategy=fish_raising"], "strategy: not a key of strategies; strategies takes show=NAME"),
        (["show=kill_pig", "equal_spend=true"], "equal_spend: not a key of strategies; it is a key of compare"),
        (
            ["show=kill_pig", "strategy.programme.flash_sale.stok=3"],
            "strategy.programme.flash_sale.stok: no such key; did you mean strategy.programme.flash_sale.stock?",
        ),
        (["show=$(rm -rf)"], f"show: got '$(rm -rf)'; it takes {STRATEGIES}"),
    ],
)
def test_what_is_wrong_gets_a_line(real: Fishpond, arguments: list[str], line: str) -> None:
    answer = real("strategies", *arguments)
    assert (answer.code, answer.out, answer.errors) == (2, "", [line])
    assert not Path("outputs").exists()


def test_help_names_the_forms(real: Fishpond) -> None:
    text = real("--help").out
    assert all(form in text for form in ("show=NAME", "schema=true", "schema=scenario", "import=FILE name=NAME"))


# ---- the calendar ---------------------------------------------------------------------------------------------------------


def test_the_calendar_has_a_row_for_each_item_and_marks_for_each_occasion(launch: Scenario) -> None:
    plan = plan_of(launch)
    figure = calendar(plan)
    assert figure is not None
    (axes,) = figure.axes
    labels = [tick.get_text() for tick in axes.get_yticklabels()]
    assert labels[:2] == ["morning_tip", "story"]
    assert labels[labels.index("launch_wave") :] == [
        *("launch_wave", "seeding: tease", "conversion: open", "conversion: remind", "cool: pause"),
        *("women", "warm: note", "sale: deal", "mondays", "only: hi"),
    ]
    items = [*plan.programme, *(item for campaign in plan.campaigns for phase in campaign.phases for item in phase.items)]
    marks = [len(part.get_offsets()) for part in axes.collections if isinstance(part, PathCollection)]
    assert sorted(marks) == sorted(len(item.hours) for item in items)
    texts = {text.get_text() for text in axes.texts}
    assert {"valentine", "women_day", "welcome, from then on", "2 × 15 days"} <= texts


def test_no_name_is_a_formula_or_breaks_a_figure(tmp_path: Path) -> None:
    programme = {name: {"kind": "post", "when": "daily 10:00"} for name in ("会员日", "$x^$", "a\x1bb", "😀", "x" * 300)}
    market = {"start_date": "2026-01-05", "festivals": {"$\\frac$": "01-14", "春节": "01-20"}}
    plan = toy_plan(programme, market=market)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert draw_calendar(plan, tmp_path, "a")
        assert draw_calendar(plan, tmp_path, "b")
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()
    assert families(["plain"]) == ["DejaVu Sans"]
    assert not can_be_drawn("会", ["DejaVu Sans"])


# ---- schemas --------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def strategy_files() -> Draft7Validator:
    schema = json.loads(as_json(strategy_schema(Scenario)))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


@pytest.fixture(scope="module")
def preset_files() -> Draft7Validator:
    schema = json.loads(as_json(scenario_schema(Scenario)))
    Draft7Validator.check_schema(schema)
    return Draft7Validator(schema)


def complaints(validator: Draft7Validator, content: Any) -> list[str]:
    return [error.message for error in validator.iter_errors(content)]


@pytest.mark.parametrize("path", [*sorted((ROOT / "configs" / "strategy").glob("*.yaml"))], ids=lambda path: path.stem)
def test_the_schema_takes_the_strategies_that_come_with_fishpond(strategy_files: Draft7Validator, path: Path) -> None:
    assert complaints(strategy_files, yaml.safe_load(path.read_text(encoding="utf-8"))) == []


def test_the_schema_takes_what_a_plan_may_say(strategy_files: Draft7Validator) -> None:
    content = yaml.safe_load(LAUNCH)
    assert complaints(strategy_files, content) == []
    content["programme"]["member_day"] = {"discount": 0.2, "window": "14d"}  # joined with that of another file: no kind, no time
    assert complaints(strategy_files, content) == []
    del content["defaults"], content["programme"]["member_day"]
    assert complaints(strategy_files, content) == []


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("name: a\nleed: {}", "'leed' was unexpected"),
        ("leads: {}", "'name' is a required property"),
        ('name: a\nprogramme: {x: {kind: sales_post, when: "Mon 10:00", product: hero, discuont: 0.2}}', "'discuont' was unexpected"),
        ('name: a\nprogramme: {x: {kind: sales_pst, when: "Mon 10:00"}}', "'sales_pst' is not one of"),
        ("name: a\nprogramme: {x: {kind: sales_post, product: hero}}", "'when' is a required property"),
        ('name: a\nprogramme: {x: {when: "Mon 10:00"}}', "'kind' is a required property"),
        ("name: a\nprogramme: {x: {kind: welcome, valid: 14 days}}", "does not match"),
        ("name: a\nprogramme: {x: {kind: welcome, valid: 999999}}", "greater than the maximum"),
        ("name: a\nsegments: {x: {order_min: 1}}", "'order_min' was unexpected"),
        ("name: a\nsegments: {x: {ordered_from: -1}}", "is not valid under any"),
        ('name: a\njourneys: {x: {trigger: joined, steps: {y: {do: {kind: survey, when: "Mon 10:00"}}}}}', "False schema does not allow"),
        ("name: a\ncampaigns: {x: {when: day 20, phases: {y: {dais: 3}}}}", "'dais' was unexpected"),
        ("defaults: [b, _self_]\nprogramme: {x: {discuont: 0.2}}", "is not valid under any"),
        ("defaults: [b, _self_]\nprogramme: {x: {kind: sales_post, discuont: 0.2}}", "'discuont' was unexpected"),
        ("defaults: [b, _self_]\nbudgt: {}", "'budgt' was unexpected"),
        ("defaults: b", "is not of type 'array'"),
    ],
)
def test_the_schema_refuses_what_is_wrong(strategy_files: Draft7Validator, text: str, complaint: str) -> None:
    assert any(complaint in found for found in complaints(strategy_files, yaml.safe_load(text)))


def test_the_schema_of_presets(preset_files: Draft7Validator) -> None:
    config = yaml.safe_load((ROOT / "configs" / "config.yaml").read_text(encoding="utf-8"))
    assert complaints(preset_files, config) == []
    only = "only: {fish_raising: {programme: {member_day: {discount: 0.2}}}}"
    preset = f"defaults: [{{override /brand: apparel}}, _self_]\nhorizon_days: 8\n{only}\n"
    assert complaints(preset_files, yaml.safe_load(f"{preset}history: {{strategy: kill_pig, days: 9}}\nreport: {{page: false}}")) == []
    for wrong in ("horizon_dais: 8", "behaviour: {fatigue: {strenght: 1}}", "only: {a: {budgt: {}}}", "replications: 0", "record: all"):
        assert complaints(preset_files, yaml.safe_load(wrong)), wrong
    assert set(job_properties()) | {"only"} == JOB_KEYS


def test_groups_of_the_package_are_taken_by_the_schema_of_presets(preset_files: Draft7Validator) -> None:
    for group in ("brand", "population", "behaviour", "market"):
        for path in (ROOT / "configs" / group).glob("*.yaml"):
            content = yaml.safe_load(path.read_text(encoding="utf-8"))
            dated = {key: value.isoformat() if isinstance(value, date) else value for key, value in (content or {}).items()}
            assert complaints(preset_files, {group: dated}) == [], path.name


def test_the_command_prints_the_schema(real: Fishpond) -> None:
    assert json.loads(real("strategies", "schema=true").out)["title"] == "A strategy of fishpond"
    assert json.loads(real("strategies", "schema=scenario").out)["title"] == "A preset of fishpond"


# ---- in the report --------------------------------------------------------------------------------------------------------


def test_the_report_shows_what_was_compared(real: Fishpond) -> None:
    own(LAUNCH.replace("seed, convert, rest", "<b>seed</b> & rest"))
    small = ("population.size=40", "horizon_days=12", "replications=1", "executor=serial", "progress=off")
    answer = real("compare", "strategies=[no_community,launch]", *small, "out=a")
    assert answer.code == 0, answer.err
    page = Path("a/report.html").read_text(encoding="utf-8")
    for text in (
        '<tr><th scope="row">20:00</th><td></td><td></td><td>member_day*</td>',
        "<h4>Campaign launch_wave</h4>",
        "&lt;b&gt;seed&lt;/b&gt; &amp; rest",
        "<h4>Journey newcomer</h4>",
        "<td>2d</td><td>survey</td>",
        "<h4>Budget</h4>",
        "When launch does what",
    ):
        assert text in page, text
    assert "<b>seed" not in page
    assert Path("a/figures/calendar_launch.png").is_file()
    assert not Path("a/figures/calendar_no_community.png").exists()
