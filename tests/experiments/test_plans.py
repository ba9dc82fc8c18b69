"""The command `strategies import=FILE`: plans made in a spreadsheet, right ones, wrong ones and hostile ones."""

from __future__ import annotations

import builtins
import io
import re
import sys
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from experiments.command import main
from experiments.errors import UserError
from experiments.known_keys import schema_of
from experiments.plans.base import base_of
from experiments.plans.checking import check
from experiments.plans.grid import is_grid, plan_of_grid
from experiments.plans.kinds import Kinds
from experiments.plans.reading import read_table
from experiments.plans.request import Request
from experiments.plans.rows import plan_of_rows
from experiments.plans.table import table_of
from experiments.plans.times import clock_times, days, expression
from experiments.plans.values import value_of
from experiments.plans.writing import as_text
from experiments.simulator import Simulator
from tests.experiments.conftest import STRATEGIES, Answer, Fishpond

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"

HEADER = "item,weekday,time,kind,column,product,discount,amount_yuan,shares,stock\n"
PLAN = HEADER + "tip,Mon,10:00,content_post,tips,,,,,\nday,Wed,20:00,sales_post,,hero,12%,,,\n"
PROGRAMME = {
    "tip": {"kind": "content_post", "when": "Mon 10:00", "column": "tips"},
    "day": {"kind": "sales_post", "when": "Wed 20:00", "product": "hero", "discount": 0.12},
}


@pytest.fixture
def real(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Fishpond:
    """Call the command line on the configuration of the package, from an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Answer:
        code = main(arguments)
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


Lines = Callable[..., list[str]]


@pytest.fixture
def imported(real: Fishpond) -> Callable[..., dict[str, Any]]:
    """Import a text and return the programme that is written."""

    def programme(content: str | bytes, *more: str, file: str = "plan.csv") -> dict[str, Any]:
        Path(file).write_bytes(content.encode() if isinstance(content, str) else content)
        answer = real("strategies", f"import={file}", "name=mine", *more)
        assert answer.code == 0, answer.err
        return written()["programme"]

    return programme


@pytest.fixture
def refused(real: Fishpond) -> Lines:
    """Import a text that is wrong and return the lines about it, without the name of the file."""

    def lines(content: str | bytes, *more: str, file: str = "plan.csv") -> list[str]:
        Path(file).write_bytes(content.encode() if isinstance(content, str) else content)
        answer = real("strategies", f"import={file}", "name=mine", *more)
        assert (answer.code, answer.out) == (2, "")
        assert len(answer.err.splitlines()) == len(answer.errors)
        assert not Path("conf").exists()
        return [line.removeprefix(f"{file}, ") for line in answer.errors]

    return lines


def written(name: str = "mine") -> dict[str, Any]:
    content = yaml.safe_load(Path(f"conf/strategy/{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


def begin(lines: Iterable[str], *beginnings: str) -> None:
    """Assert that each line begins as it should."""
    lines = list(lines)
    assert len(lines) == len(beginnings), "\n".join(lines)
    for line, beginning in zip(lines, beginnings, strict=True):
        assert line.startswith(beginning), line


# ---- what is written ------------------------------------------------------------------------------------------------------


def test_a_table_becomes_a_strategy(real: Fishpond) -> None:
    Path("plan.csv").write_text(PLAN, encoding="utf-8")
    answer = real("strategies", "import=plan.csv", "name=mine")
    assert answer.code == 0, answer.err
    assert answer.out.splitlines() == [
        "conf/strategy/mine.yaml: 2 items (a row for each item), checked against the brand beauty",
        "fishpond run strategy=mine",
    ]
    text = Path("conf/strategy/mine.yaml").read_text(encoding="utf-8")
    assert written() == {"name": "mine", "description": "2 items imported from a table", "programme": PROGRAMME}
    for key in ("# leads: ", "# staff: ", "# budget: "):
        assert key in text
    assert '\n  tip: {kind: content_post, when: "Mon 10:00", column: tips}\n' in text


def test_what_the_head_proposes_can_be_put_in(real: Fishpond) -> None:
    from experiments import load

    Path("plan.csv").write_text(PLAN, encoding="utf-8")
    assert real("strategies", "import=plan.csv", "name=mine").code == 0
    path = Path("conf/strategy/mine.yaml")
    keys = ("leads", "staff", "budget", "discount_ceiling")
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line.removeprefix("# ") if line[2:].split(":")[0] in keys else line for line in lines), encoding="utf-8")
    strategy = load("strategy=mine").strategy
    assert strategy.leads == {"parcel_card": 3.0}
    assert (strategy.staff.people, strategy.budget.total_yuan, strategy.discount_ceiling) == (1.5, 50_000, 0.3)


@pytest.mark.parametrize("example", ["weekly_plan", "weekly_grid"])
def test_the_examples_run(real: Fishpond, example: str) -> None:
    from experiments import load
    from sim import simulate

    assert real("strategies", f"import={EXAMPLES / example}.csv", f"name={example}").code == 0
    scenario = load(f"strategy={example}", "population.size=40", "horizon_days=8")
    assert set(scenario.strategy.programme) == set(written(example)["programme"])
    assert len(simulate(scenario, seed=1).messages) > 5


def test_the_examples_are_those_of_the_page() -> None:
    page = (ROOT / "docs/how-to/import-a-plan.md").read_text(encoding="utf-8")
    for name in ("weekly_plan.csv", "weekly_grid.csv"):
        text = (EXAMPLES / name).read_text(encoding="utf-8")
        assert f"<!-- file: {name} -->\n```csv\n{text}```\n" in page


def test_a_grid_becomes_a_strategy(imported: Callable[..., dict[str, Any]]) -> None:
    grid = (
        "hour,Monday,Tue,周三,Sun\n"
        "10:00,content_post: column=tips,content_post:  column=tips,,\n"
        '20,,,"sales_post: item=member day, product=hero, discount=12%; red_packet: amount_yuan=¥15",coupon：amount_yuan＝20，valid=7d\n'
        '21:30,,,"red_packet;\nred_packet: shares=5",\n'
    )
    assert imported(grid) == {
        "content_post_mon_tue_1000": {"kind": "content_post", "when": "Mon,Tue 10:00", "column": "tips"},
        "member_day": {"kind": "sales_post", "when": "Wed 20:00", "product": "hero", "discount": 0.12},
        "red_packet_wed_2000": {"kind": "red_packet", "when": "Wed 20:00", "amount_yuan": 15},
        "coupon_sun_2000": {"kind": "coupon", "when": "Sun 20:00", "amount_yuan": 20, "valid": "7d"},
        "red_packet_wed_2130": {"kind": "red_packet", "when": "Wed 21:30"},
        "red_packet_wed_2130_2": {"kind": "red_packet", "when": "Wed 21:30", "shares": 5},
    }


def test_a_cell_on_every_day_is_daily(imported: Callable[..., dict[str, Any]]) -> None:
    grid = "hour,Mon,Tue,Wed,Thu,Fri,Sat,Sun\n9," + ",".join(["red_packet"] * 7) + "\n"
    assert imported(grid) == {"red_packet_daily_0900": {"kind": "red_packet", "when": "daily 09:00"}}


def test_what_practitioners_type_is_understood(imported: Callable[..., dict[str, Any]]) -> None:
    rows = [
        "Item,WEEKDAY,Time,kind,to.stages,to.orders_min,groups,amount yuan,shares,discount,product,by_tag,shown,announce,column",
        "早安,周一、周三,１０：００,red_packet,,,,￥１５,２０,,,,,,",
        'a,daily,"9:00, 20:00:00",Red Packet,,,,15.5元,,,,,,,',
        "b,every 28 days from day 5,20:00,sales_post,,,,,,１２％,hero,,,,",
        'c,festival women_day,10:00,coupon,"new,active",2,,20 YUAN,,,,,,,',
        "d,day 3,10:00,survey,,,,,,,,skin_care: tips | make_up: stories,,,care",
        'e,weekends,10:00,live_session,,,ordinary,,,0.1,,,"serum, lipstick",2d,',
        "f,,,welcome,,,,,,,,,,,",
    ]
    assert imported("\n".join(rows)) == {
        "早安": {"kind": "red_packet", "when": "Mon,Wed 10:00", "amount_yuan": 15, "shares": 20},
        "a": {"kind": "red_packet", "when": "daily 09:00,20:00", "amount_yuan": 15.5},
        "b": {"kind": "sales_post", "when": "every 28 days 20:00 from day 5", "discount": 0.12, "product": "hero"},
        "c": {
            "kind": "coupon",
            "when": "festival women_day 10:00",
            "to": {"stages": ["new", "active"], "orders_min": 2},
            "amount_yuan": 20,
        },
        "d": {"kind": "survey", "when": "day 3 10:00", "by_tag": {"skin_care": "tips", "make_up": "stories"}, "column": "care"},
        "e": {
            "kind": "live_session",
            "when": "weekends 10:00",
            "groups": ["ordinary"],
            "discount": 0.1,
            "shown": ["serum", "lipstick"],
            "announce": "2d",
        },
        "f": {"kind": "welcome"},
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(imported: Callable[..., dict[str, Any]], encoding: str, separator: str) -> None:
    text = 'item,weekday,time,kind,column\r\n会员日,"周三，周四",20:00,content_post,tips\r\n'.replace(",", separator)
    assert imported(text.encode(encoding)) == {"会员日": {"kind": "content_post", "when": "Wed,Thu 20:00", "column": "tips"}}


def test_a_brand_is_chosen(real: Fishpond, refused: Lines) -> None:
    plan = HEADER + "day,Wed,20:00,sales_post,,lipstick,,,,\n"
    begin(refused(plan, "brand=apparel"), "row 2, column product: unknown product 'lipstick': takes one of basics, coat, dress, ")
    Path("plan.csv").write_text(plan.replace("lipstick", "dress"), encoding="utf-8")
    answer = real("strategies", "import=plan.csv", "name=mine", "brand=apparel")
    assert answer.out.splitlines()[-1] == "fishpond run strategy=mine brand=apparel"
    assert real("run", "strategy=mine", "brand=apparel", "--show-config").code == 0


def test_names_that_other_readers_take_for_numbers_stay_names(real: Fishpond, imported: Callable[..., dict[str, Any]]) -> None:
    from experiments import load

    names = ["1e3", "618", "null", "yes", "0x1F", "1_000", "_", "no", "1-1", "早安"]
    programme = imported(HEADER + "".join(f"{name},Mon,10:00,content_post,tips,,,,,\n" for name in names))
    assert list(programme) == names
    assert list(load("strategy=mine").strategy.programme) == names


def test_show_config_writes_nothing(real: Fishpond) -> None:
    Path("plan.csv").write_text(PLAN, encoding="utf-8")
    answer = real("strategies", "import=plan.csv", "name=mine", "--show-config")
    assert yaml.safe_load(answer.out)["programme"] == PROGRAMME
    assert not Path("conf").exists()


def test_another_model_has_other_kinds(fishpond: Fishpond) -> None:
    Path("plan.csv").write_text("item,weekday,time,kind,topics,discount\na,Mon,10:00,post,x|y,\nb,Tue,10:00,sale,,0.3\n", encoding="utf-8")
    assert fishpond("strategies", "import=plan.csv", "name=mine").code == 0
    assert written()["programme"]["a"]["topics"] == ["x", "y"]
    assert fishpond("run", "strategy=mine", "executor=serial", "progress=off", "report.page=false", "horizon_days=5").code == 0


# ---- like=STRATEGY --------------------------------------------------------------------------------------------------------


def test_the_items_of_another_strategy_stay(real: Fishpond) -> None:
    from experiments import load

    Path("plan.csv").write_text(PLAN + "member day,Thu,20:00,sales_post,,premium,,,,\n", encoding="utf-8")
    answer = real("strategies", "import=plan.csv", "name=mine", "like=fish_raising")
    assert answer.code == 0, answer.err
    assert answer.out.splitlines()[1] == (
        "the items of fish_raising stay beside them; those of the same name are joined: member_day "
        "(leave one out: '~strategy.programme.NAME')"
    )
    mine, base = load("strategy=mine").strategy, load("strategy=fish_raising").strategy
    assert (mine.leads, mine.staff, mine.budget) == (base.leads, base.staff, base.budget)
    assert list(mine.programme) == [*base.programme, "tip", "day"]
    joined, before = mine.programme["member_day"], base.programme["member_day"]
    assert (joined.when, joined.product) == ("Thu 20:00", "premium")
    assert joined.discount == before.discount
    assert "fun" not in load("strategy=mine", "~strategy.programme.fun").strategy.programme


def test_what_does_not_fit_the_other_strategy_is_found(refused: Lines) -> None:
    rows = "day,Wed,20:00,sales_post,,hero,40%,,,\nwelcome,Mon,10:00,content_post,tips,,,,,\nfun,Mon,9:00,content_post,tipps,,,,,\n"
    begin(
        refused(HEADER + rows, "like=fish_raising"),
        "row 2, column discount: takes at most strategy.discount_ceiling = 0.3, got 0.4",
        "row 3, column item: got 'welcome', which the strategy of like= has as welcome; it takes another name, or that kind",
        "row 4, column column: unknown column 'tipps'",
    )


# ---- what is refused ------------------------------------------------------------------------------------------------------


def test_every_bad_cell_is_reported_at_once(refused: Lines) -> None:
    rows = [
        "item,wekday,weekday,time,kind,column,product,discount,window,amount_yuan,shares,stock,,amount_yuan",
        "a b,Mon,Mon,10:00,content_post,tipps,,12%,,,,,,",
        "a b,,Wendsday,25:00,content_pst,tips,,,,,,,x,",
        "c,,Wed,,sales_post,,heroo,12,2 hours,,,,,",
        "d.e,,,20:00,sales_post,,,99%,24h,,,,,",
        "f,,festival womens_day,10:00,flash_sale,,hero,abc,24h,,,,,",
        ",,daily,10：00,red_packet,nope,,,,1500,20x,,,",
        "g,,every 0 days,10:00,red_packet,,,,,300 yuan,50000,,,",
        'h,,daily,10:00,red_packet,,,,,"1,5 yuan",12%,,,',
        "i,,daily,10:00,,,,,,5,5,,,",
    ]
    begin(
        refused("\n".join(rows)),
        "row 1, column B: got 'wekday'; no such column; did you mean weekday?",
        "row 1, column M: got no name; it takes one, since below it, in row 3, stands 'x'",
        "row 1, column N: got 'amount_yuan' again, as in column J; it takes each once",
        "row 2, column column: unknown column 'tipps': takes one of care, ",
        "row 2, column discount: got '12%'; content_post takes no discount (it takes appeal, author, by_tag, column, ",
        "row 3, column weekday: got 'Wendsday'; it takes Mon to Sun ",
        "row 3, column time: got '25:00'; it takes a time from 00:00 to 23:59",
        "row 3, column kind: got 'content_pst'; it takes audit, ",
        "row 4, column time: missing; weekday and time are given together",
        "row 4, column product: unknown product 'heroo': takes one of ",
        "row 4, column discount: got 12; it should be less than or equal to 0.95; did you mean 0.12?",
        "row 4, column window: got '2 hours'; it takes a duration such as '48h'",
        "row 5, column item: got 'd.e'; it takes letters, digits, _, - and blanks, 80 characters at most",
        "row 5, column weekday: missing; weekday and time are given together",
        "row 5, column product: missing; it must be given",
        "row 5, column discount: got 0.99; it should be less than or equal to 0.95",
        "row 6, column weekday: unknown festival 'womens_day'",
        "row 6, column discount: got 'abc'; it takes a share such as 0.12 or 12%",
        "row 6, column stock: missing; it must be given",
        "row 7, column item: missing; it takes a name",
        "row 7, column column: unknown column 'nope'",
        "row 7, column amount_yuan: got 1500; it should be less than or equal to 200",
        "row 7, column shares: got '20x'; it takes a whole number",
        "row 8, column weekday: got 'every 0 days 10:00'",
        "row 8, column amount_yuan: got 300; it should be less than or equal to 200",
        "row 8, column shares: got 50000; it should be less than or equal to 500",
        "row 9, column amount_yuan: got '1,5 yuan'; it takes an amount such as 15, 15 yuan or ¥15, without commas",
        "row 9, column shares: got '12%'; it takes a whole number",
        "row 10, column kind: missing; it must be given",
    )


def test_every_bad_cell_of_a_grid_is_reported_at_once(refused: Lines) -> None:
    rows = [
        "hour,Mon,Tuseday,Wed,Wed,Thu",
        "25,content_post: column=tips,,,,",
        '20,content_post: column=tipps; foo,hello,content_post column=tips,"red_packet: shares",',
        '21,"red_packet: shares=x, amount=5",,"red_packet: shares=x, amount=5",,'
        '"flash_sale: item=a/b, product=hero, discount=0.99, discount=1"',
        ',red_packet,,,,"sales_post: product=hero, when=daily"',
    ]
    begin(
        refused("\n".join(rows)),
        "row 1, column C: got 'Tuseday'; it takes Mon, Tue, Wed, Thu, Fri, Sat, Sun; did you mean Tue?",
        "row 1, column E: got 'Wed' again; it takes each once",
        "row 2, column hour: got '25'; it takes a time from 00:00 to 23:59",
        "row 3, column Mon: column: unknown column 'tipps'",
        "row 3, column Mon: kind: got 'foo'; it takes audit, ",
        "row 3, column Tuseday: kind: got 'hello'; it takes audit, ",
        "row 3, column Wed: got 'content_post column=tips'; it takes kind: key=value, key=value",
        "row 3, column Wed: got 'shares'; it takes kind: key=value, key=value",
        "row 4, column Mon: amount: got '5'; red_packet takes no amount (it takes amount_yuan, ",
        "row 4, column Mon: shares: got 'x'; it takes a whole number",
        "row 4, column Wed: amount: got '5'; red_packet takes no amount (it takes amount_yuan, ",
        "row 4, column Wed: shares: got 'x'; it takes a whole number",
        "row 4, column Thu: discount: got '1' besides another value; it takes one",
        "row 4, column Thu: item: got 'a/b'; it takes letters, digits, _, - and blanks, 80 characters at most",
        "row 4, column Thu: stock: missing; it must be given",
        "row 5, column hour: got ''; it takes a time from 00:00 to 23:59",
        "row 5, column Thu: when: got 'daily'; sales_post takes no when",
    )


def test_types_of_groups_are_found_in_their_cells(refused: Lines) -> None:
    begin(
        refused("item,weekday,time,kind,to,groups\na,Mon,10:00,promote,nobody,\nb,Mon,10:00,red_packet,,ordinary|vip\n"),
        "row 2, column to: unknown type of groups 'nobody': takes one of ordinary",
        "row 3, column groups: unknown type of groups 'vip'",
    )


def test_what_contradicts_another_cell_is_found(refused: Lines) -> None:
    rows = "a,Mon,10:00,red_packet,,,,0.1,20,\n"
    begin(refused(HEADER + rows), "row 2, column shares: takes at most one share a fen (10), got 20")
    header = "item,weekday,time,kind,to.ordered_from,to.ordered_until,shown\n"
    begin(
        refused(f"{header}a,Mon,10:00,coupon,60d,30d,\nb,Mon,10:00,live_session,,,serum|srum\n"),
        "row 2, column to.ordered_until: takes more than ordered_from = 1440 hours, got 720",
        "row 3, column shown: unknown product 'srum'",
    )


def test_a_name_is_given_once(refused: Lines) -> None:
    rows = "tip,Mon,10:00,content_post,tips,,,,,\nother,Mon,10:00,content_post,tips,,,,,\ntip,Fri,10:00,content_post,tips,,,,,\n"
    assert refused(HEADER + rows) == ["row 4, column item: got 'tip' again, as in row 2; it takes a name of its own"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", "plan.csv: is empty; it takes a header and a row for each item, or an hour and weekdays"),
        ("\n , ,\n\n", "plan.csv: is empty; it takes a header and a row for each item, or an hour and weekdays"),
        (HEADER, "plan.csv: has a header and nothing below it; it takes a row for each item, or for each hour"),
        ("hour,Mon\n10:00,\n", "plan.csv: names no item; it takes one or more"),
        (b"\xff\xff\xff", "import: plan.csv is no text in UTF-8 or GB18030; it takes CSV or a workbook (.xlsx)"),
        (
            b"\xd0\xcf\x11\xe0rest",
            "import: plan.csv is a workbook of an old kind, or locked by a password; save it as .xlsx without one, or as CSV",
        ),
        (b"PK\x03\x04rest", "import: plan.csv cannot be read as a workbook (.xlsx): 'File is not a zip file'"),
        ("item,kind\na," + "x" * 200_000 + "\n", "import: plan.csv is no CSV: field larger than field limit (131072)"),
        ("item\n" + "a\n" * 20_001, "plan.csv: takes at most 20000 rows and 200 columns; delete what is empty beyond the plan"),
        ("item" + "," * 201 + "\nx\n", "plan.csv: takes at most 20000 rows and 200 columns; delete what is empty beyond the plan"),
    ],
)
def test_files_without_a_plan(refused: Lines, content: str | bytes, line: str) -> None:
    assert refused(content) == [line]


def test_a_header_that_is_misspelt_throughout(refused: Lines) -> None:
    assert refused("itm,wekday,tme,knd\na,Mon,10:00,content_post\n") == [
        "row 1, column A: got 'itm'; no such column; did you mean item?",
        "row 1, column B: got 'wekday'; no such column; did you mean weekday?",
        "row 1, column C: got 'tme'; no such column; did you mean time?",
        "row 1, column D: got 'knd'; no such column; did you mean kind?",
        "row 1, column item: missing; it must be given",
        "row 1, column kind: missing; it must be given",
    ]
    begin(
        refused("item,kind,when,zzz\na,welcome,,\n"),
        "row 1, column C: got 'when'; no such column; write it in two columns",
        "row 1, column D: got 'zzz'",
    )


def test_the_header_need_not_be_the_first_row(refused: Lines) -> None:
    begin(refused("\n\n" + HEADER + '\n"a\nb",Mon,10:00,content_post,tipps,,,,,\n'), "row 5, column column: unknown column 'tipps'")


@pytest.mark.parametrize(
    ("arguments", "lines"),
    [
        (["name=mine"], ["name: a key of import; it goes with import=FILE name=NAME"]),
        (["import=plan.csv"], ["name: missing; strategies takes import=FILE name=NAME"]),
        (["import=", "name"], ["import: it is set by import=VALUE", "name: it is set by name=VALUE"]),
        (
            ["import=plan.csv", "name=mine", "shet=x"],
            ["shet: not a key of strategies; it takes import, name, sheet, like, brand; did you mean sheet?"],
        ),
        (["import=plan.csv", "name=a", "name=b"], ["name: got 'a' and 'b'; it takes one value"]),
        *(
            (
                ["import=plan.csv", f"name={name}"],
                [f"name: got {name!r}; it takes letters a to z, digits, _ and -, a letter first, 80 characters at most"],
            )
            for name in ("../mine", "a.b", "a/b", "null", "True", "6x", "早安", "a b", "-x")
        ),
        (["import=plan.csv", "name=kill_pig"], ["name: got 'kill_pig', a strategy of fishpond's own; it takes another name"]),
        (["import=none.csv", "name=mine"], ["import: got 'none.csv'; it takes a file: No such file or directory"]),
        (["import=.", "name=mine"], ["import: got '.'; it takes a file: Is a directory"]),
        (["import=a\0b", "name=mine"], ["import: got 'a\\x00b'; it takes a file: embedded null byte"]),
        (
            ["import=plan.csv", "name=mine", "brand=beuty"],
            [
                "brand: got 'beuty'; it takes apparel, beauty, coffee, cosmetics, fresh_groceries, golf_wear, insurance, "
                "knowledge, outdoor, phones, resort_homes, skincare; did you mean beauty?"
            ],
        ),
        (
            ["import=plan.csv", "name=mine", "like=fish"],
            [f"like: got 'fish'; it takes {STRATEGIES}; did you mean fish_raising?"],
        ),
        (["import=plan.csv", "name=mine", "sheet=x"], ["sheet: got 'x'; plan.csv is no workbook and has no sheets"]),
    ],
)
def test_wrong_keys_get_a_line_each(real: Fishpond, arguments: list[str], lines: list[str]) -> None:
    Path("plan.csv").write_text(PLAN, encoding="utf-8")
    answer = real("strategies", *arguments)
    assert (answer.code, answer.out) == (2, "")
    assert answer.errors == lines
    assert not Path("conf").exists()


def test_nothing_is_overwritten(real: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("plan.csv").write_text(PLAN, encoding="utf-8")
    target = Path("conf/strategy/mine.yaml")
    target.parent.mkdir(parents=True)
    target.write_text("mine", encoding="utf-8")
    line = "name: got 'mine', and conf/strategy/mine.yaml is there already; it takes another name (no file is overwritten)"
    answer = real("strategies", "import=plan.csv", "name=mine")
    assert (answer.code, answer.errors) == (2, [line])
    # Nor where another process writes it while the table is checked.
    with monkeypatch.context() as patch:
        patch.setattr("experiments.plans.command.free_path", lambda request, configs: target)
        answer = real("strategies", "import=plan.csv", "name=mine")
    assert (answer.code, answer.errors) == (2, [line])
    assert target.read_text(encoding="utf-8") == "mine"
    # Nor is what a link leads to.
    target.unlink()
    target.symlink_to("nowhere.yaml")
    answer = real("strategies", "import=plan.csv", "name=mine")
    assert (answer.code, answer.errors) == (2, [line])
    assert not Path("conf/strategy/nowhere.yaml").exists()


def test_a_folder_that_cannot_be_written_to(real: Fishpond) -> None:
    Path("plan.csv").write_text(PLAN, encoding="utf-8")
    Path("conf").write_text("no folder", encoding="utf-8")
    answer = real("strategies", "import=plan.csv", "name=mine")
    assert answer.code == 2
    begin(answer.errors, "name: cannot write to conf/strategy: ")


# ---- hostile texts --------------------------------------------------------------------------------------------------------

HOSTILE = (
    "=1+1",
    "@SUM(A1)",
    "${oc.env:HOME}",
    "???",
    "x" * 5000,
    "\u202e",
    "a\x07\x1b[31m",
    "💥",
    "'; drop",
    "9" * 400,
    "1e999",
    "nan",
    "-0",
    "{a: b}",
    "!!python/object:x",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_refused_in_one_line_each(refused: Lines, text: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    cells = {"item": quoted, "weekday": quoted, "time": quoted, "kind": "flash_sale"} | dict.fromkeys(
        ("column", "product", "discount", "stock"), quoted
    )
    lines = refused(f"{','.join(cells)}\n{','.join(cells.values())}\n")
    columns = [line.removeprefix("row 2, column ").partition(":")[0] for line in lines]
    expected = [column for column in cells if column != "kind"]
    if text in ("-0", "9" * 400):
        assert set(columns) >= {"weekday", "time", "column", "product"}
    else:
        assert [column for column in columns if column != "item"] == expected[1:]
    assert all(len(line) < 500 and line.isprintable() for line in lines)
    kind = refused(f"item,kind\na,{quoted}\n")
    begin(kind, "row 2, column kind: got ")


def test_a_hostile_name_of_a_file_breaks_no_line(real: Fishpond) -> None:
    file = Path("a\n# b${oc.env:HOME}{x}.csv")
    file.write_text(PLAN, encoding="utf-8")
    assert real("strategies", f"import={file}", "name=mine").code == 0
    assert written()["programme"] == PROGRAMME
    assert "# Imported from a?# b${oc.env:HOME}{x}.csv. " in Path("conf/strategy/mine.yaml").read_text(encoding="utf-8")
    assert real("run", "strategy=mine", "--show-config").code == 0


@pytest.fixture(scope="module")
def machine() -> Callable[[list[list[str]]], str | list[str]]:
    """Import a table without files: the text that would be written, or the lines."""
    request = Request("plan.csv", "mine")
    base = base_of(request, Simulator())
    kinds = Kinds(schema_of(base.model))

    def result(rows: list[list[str]]) -> str | list[str]:
        try:
            table = table_of("plan.csv", rows)
        except UserError as error:
            return list(error.lines)
        plan = plan_of_grid(table, kinds) if is_grid(table) else plan_of_rows(table, kinds)
        findings = [*plan.findings, *check(plan, base, kinds)]
        return [f"{place}: {text}" for place, text in sorted(findings)] or as_text(plan, request, "plan.csv")

    return result


WORDS = st.sampled_from(
    [
        "",
        "item",
        "kind",
        "time",
        "Mon",
        "daily",
        "10:00",
        "content_post",
        "flash_sale",
        "promote",
        "tips",
        "hero",
        "12%",
        "99",
        "-1",
        "to.tags",
        "stock",
        "column",
    ]
)


@given(rows=st.lists(st.lists(st.one_of(WORDS, st.text(max_size=12)), max_size=6), max_size=5))
def test_any_texts_give_lines_or_a_strategy(machine: Callable[[list[list[str]]], str | list[str]], rows: list[list[str]]) -> None:
    assert machine(rows)


FIELDS = (
    "column",
    "product",
    "discount",
    "stock",
    "window",
    "to.tags",
    "to.ordered_from",
    "groups",
    "by_tag",
    "to",
    "nearby",
    "amount_yuan",
)


@given(
    kind=st.sampled_from(["content_post", "flash_sale", "promote", "coupon", "survey", "offline_event", "spend_and_save", "live_session"]),
    cells=st.tuples(*[st.one_of(st.just(""), WORDS, st.text(max_size=8)) for _ in FIELDS]),
)
def test_any_parameters_give_lines_or_a_strategy(
    machine: Callable[[list[list[str]]], str | list[str]], kind: str, cells: tuple[str, ...]
) -> None:
    found = machine([["item", "weekday", "time", "kind", *FIELDS], ["a", "Mon", "10:00", kind, *cells]])
    assert "stand_in__" not in str(found)
    assert "imported__" not in str(found)
    if isinstance(found, list):
        assert all(line.startswith("row 2, column ") for line in found)
    else:
        assert yaml.safe_load(found)["programme"]["a"]["kind"] == kind


def test_a_long_plan_is_read_and_every_cell_of_it_checked(real: Fishpond) -> None:
    rows = [f"item{number},Mon,10:00,content_post,tips,,,,,\n" for number in range(10_000)]
    Path("plan.csv").write_text(HEADER + "".join(rows), encoding="utf-8")
    assert real("strategies", "import=plan.csv", "name=mine").code == 0
    assert Path("conf/strategy/mine.yaml").read_text(encoding="utf-8").count("\n  item") == 10_000
    bad = "".join(rows).replace("tips,,", "tipps,,x")
    Path("bad.csv").write_text(HEADER + bad, encoding="utf-8")
    answer = real("strategies", "import=bad.csv", "name=other")
    assert answer.code == 2
    assert len(answer.errors) == 20_000
    begin(answer.errors[-2:], "bad.csv, row 10001, column column: unknown column 'tipps'", "bad.csv, row 10001, column discount: got 'x'; ")


# ---- workbooks ------------------------------------------------------------------------------------------------------------


def saved(rows: list[list[Any]], change: Callable[[Any], None] = lambda sheet: None, file: str = "plan.xlsx") -> str:
    openpyxl = pytest.importorskip("openpyxl")
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    for row in rows:
        sheet.append(row)
    change(sheet)
    workbook.save(file)
    return file


OWN = ["item", "weekday", "time", "kind"]


def test_a_workbook_with_times_and_percentages(real: Fishpond) -> None:
    def shown(sheet: Any) -> None:
        sheet["F2"].number_format = "0.0%"
        sheet["E3"].number_format = '"¥"#,##0.00'

    rows = [
        [*OWN, "amount_yuan", "discount", "product", "shares", "nearby"],
        ["a", "Wed", time(20, 0), "sales_post", None, 0.125, "hero"],
        ["b", "Sun", timedelta(hours=9, minutes=30), "red_packet", 15.0, None, None, 20],
        [618, "daily", "21:00", "offline_event", None, None, None, None, True],
    ]
    answer = real("strategies", f"import={saved(rows, shown)}", "name=mine")
    assert answer.code == 0, answer.err
    assert written()["programme"] == {
        "a": {"kind": "sales_post", "when": "Wed 20:00", "discount": 0.125, "product": "hero"},
        "b": {"kind": "red_packet", "when": "Sun 09:30", "amount_yuan": 15, "shares": 20},
        "618": {"kind": "offline_event", "when": "daily 21:00", "nearby": True},
    }


def test_bad_cells_of_a_workbook(real: Fishpond) -> None:
    def shown(sheet: Any) -> None:
        sheet["E2"].number_format = "0%"

    rows = [
        [*OWN, "amount_yuan", "shares"],
        ["a", datetime(2026, 3, 8), time(20, 0, 30), "red_packet", 0.12, 1.5],
    ]
    answer = real("strategies", f"import={saved(rows, shown)}", "name=mine")
    begin(
        answer.errors,
        "plan.xlsx, row 2, column weekday: got '2026-03-08 00:00:00'; it takes Mon to Sun ",
        "plan.xlsx, row 2, column time: got '20:00:30'; it takes a time",
        "plan.xlsx, row 2, column amount_yuan: got '12%'; it takes an amount such as 15",
        "plan.xlsx, row 2, column shares: got 1.5; ",
    )


def test_merged_cells_count_for_every_row(real: Fishpond) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("B2:C3")
        sheet.merge_cells("B4:B6")

    rows = [
        ["item", "weekday", "", "time", "kind", "column"],
        ["a", "Mon", "", "10:00", "content_post", "tips"],
        ["b", "", "", "11:00", "content_post", "tips"],
        ["c", "Mnday", "", "11:00", "content_post", "tips"],
        [],
        ["d", "", "", "12:00", "content_post", "tips"],
    ]
    answer = real("strategies", f"import={saved(rows, merge)}", "name=mine")
    begin(answer.errors, "plan.xlsx, row 4, column weekday: got 'Mnday'", "plan.xlsx, row 6, column weekday: got 'Mnday'")
    rows[3][1] = "Tue"
    assert real("strategies", f"import={saved(rows, merge)}", "name=mine").code == 0
    assert [item["when"] for item in written()["programme"].values()] == ["Mon 10:00", "Mon 11:00", "Tue 11:00", "Tue 12:00"]


def test_merged_cells_of_a_grid_count_for_every_day(real: Fishpond) -> None:
    def merge(sheet: Any) -> None:
        sheet.merge_cells("B2:D3")
        sheet.merge_cells("E4:F4")

    rows = [["", "Mon", "Tue", "Wed", "Thu", "Fri"], [time(10), "red_packet"], [11], ["12:00", "", "", "", "red_packet: shares=x"]]
    answer = real("strategies", f"import={saved(rows, merge)}", "name=mine")
    begin(answer.errors, "plan.xlsx, row 4, column Thu: shares: got 'x'", "plan.xlsx, row 4, column Fri: shares: got 'x'")
    rows[3][4] = "red_packet: shares=7"
    assert real("strategies", f"import={saved(rows, merge)}", "name=mine").code == 0
    assert written()["programme"] == {
        "red_packet_mon_tue_wed_1000": {"kind": "red_packet", "when": "Mon,Tue,Wed 10:00"},
        "red_packet_thu_fri_1200": {"kind": "red_packet", "when": "Thu,Fri 12:00", "shares": 7},
    }


def test_formulas_without_a_result_are_no_defaults(real: Fishpond) -> None:
    rows = [[*OWN, "amount_yuan", "column", "shares"], ["a", "Mon", "10:00", "red_packet", "=1+1", "=A1", "x"]]
    answer = real("strategies", f"import={saved(rows)}", "name=mine")
    begin(
        answer.errors,
        "plan.xlsx, row 2, column amount_yuan: got 'formula without a result =1+1'; it takes an amount",
        "plan.xlsx, row 2, column column: unknown column 'formula without a result =A1'",
        "plan.xlsx, row 2, column shares: got 'x'; it takes a whole number",
    )


def test_results_of_formulas_count(real: Fishpond) -> None:
    file = Path(saved([[*OWN, "amount_yuan"], ["a", "Mon", "10:00", "red_packet", "=1+1"]]))
    computed = zipfile.ZipFile(io.BytesIO(file.read_bytes()))
    with zipfile.ZipFile(file, "w") as archive:
        for name in computed.namelist():
            archive.writestr(name, re.sub(rb"(<f>1\+1</f>)<v\s*(/>|></v>)", rb"\1<v>2</v>", computed.read(name)))
    assert real("strategies", f"import={file}", "name=mine").code == 0
    assert written()["programme"]["a"]["amount_yuan"] == 2


def test_a_sheet_is_chosen(real: Fishpond) -> None:
    def second(sheet: Any) -> None:
        sheet.title = "notes"
        other = sheet.parent.create_sheet("plan")
        for row in ([*OWN, "column"], ["a", "Mon", "10:00", "content_post", "tips"]):
            other.append(row)

    file = saved([["nothing here"]], second)
    assert real("strategies", f"import={file}", "name=mine", "sheet=plan").code == 0
    assert list(written()["programme"]) == ["a"]
    answer = real("strategies", f"import={file}", "name=other", "sheet=plans")
    assert answer.errors == ["sheet: got 'plans'; plan.xlsx has notes, plan; did you mean plan?"]
    begin(real("strategies", f"import={file}", "name=other").errors, "plan.xlsx: has a header and nothing below it")


def test_a_sheet_formatted_to_its_edge_is_refused(real: Fishpond) -> None:
    def far(sheet: Any) -> None:
        sheet["XFD1048576"].value = "x"

    answer = real("strategies", f"import={saved([OWN], far)}", "name=mine")
    begin(answer.errors, "plan.xlsx: takes at most 20000 rows and 200 columns")


def test_without_openpyxl_one_line_says_what_to_install(real: Fishpond, monkeypatch: pytest.MonkeyPatch) -> None:
    file = saved([[*OWN, "column"], ["a", "Mon", "10:00", "content_post", "tips"]])
    importing = builtins.__import__

    def missing(name: str, *more: Any, **named: Any) -> Any:
        if name.partition(".")[0] == "openpyxl":
            raise ModuleNotFoundError(f"No module named {name!r}")
        return importing(name, *more, **named)

    with monkeypatch.context() as patch:
        for name in [name for name in sys.modules if name.partition(".")[0] == "openpyxl"]:
            patch.delitem(sys.modules, name)
        patch.setattr(builtins, "__import__", missing)
        answer = real("strategies", f"import={file}", "name=mine")
    assert answer.code == 2
    assert answer.errors == [
        "import: plan.xlsx is a workbook; to read it install openpyxl: pip install 'fishpond[xlsx]', or save it as CSV"
    ]


def test_a_broken_workbook_gets_one_line(real: Fishpond) -> None:
    file = Path(saved([OWN]))
    content = file.read_bytes()
    for length in range(30, len(content), len(content) // 40):
        file.write_bytes(content[:length])
        begin(real("strategies", f"import={file}", "name=mine").errors, "import: plan.xlsx cannot be read as a workbook")
    for place in range(30, len(content), len(content) // 40):
        file.write_bytes(content[:place] + b"\0\xff" * 20 + content[place + 40 :])
        assert real("strategies", f"import={file}", "name=mine").code == 2


# ---- the parts ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mon", "Mon"),
        ("sunday, MONDAY", "Mon,Sun"),
        ("thurs、星期五", "Thu,Fri"),
        ("礼拜天", "Sun"),
        ("每天", "daily"),
        ("weekdays", "weekdays"),
        ("Every 11 Days", "every 11 days"),
        ("festival double_11", "festival double_11"),
        ("day 3", "day 3"),
    ],
)
def test_days(text: str, expected: str) -> None:
    assert days(text) == expected


@pytest.mark.parametrize("text", ["Mo", "Mon-Fri", "Wed 20:00", "every day", "day", "festival", "1", "Mon,,Tue", "Mon,"])
def test_days_that_are_none(text: str) -> None:
    with pytest.raises(ValueError, match="it takes Mon to Sun"):
        days(text)


def test_times() -> None:
    assert clock_times("9:05") == "09:05"
    assert clock_times("20:00，8:30、20:00:00") == "20:00,08:30"
    assert clock_times("9", whole_hours=True) == "09:00"
    for text in ("9", "24:00", "9:5", "20:00:30", "8pm", ""):
        with pytest.raises(ValueError, match="it takes a time"):
            clock_times(text)
    assert expression("every 11 days from day 5", "20:00") == "every 11 days 20:00 from day 5"


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("12%", {"type": "number", "unit": "share of list"}, 0.12),
        ("29 ％", {"type": "number", "unit": "share"}, 0.29),
        ("0.5", {"anyOf": [{"type": "number"}, {"type": "null"}], "unit": "share"}, 0.5),
        ("15 yuan", {"type": "number", "unit": "yuan"}, 15),
        ("¥ 15.50", {"type": "number", "unit": "yuan"}, 15.5),
        ("100元", {"type": "number", "unit": "orders, yuan or messages"}, 100),
        ("20.0", {"type": "integer", "unit": "shares"}, 20),
        ("2H", {"type": "number", "unit": "hours"}, "2h"),
        ("48", {"type": "number", "unit": "hours"}, 48),
        ("Yes", {"type": "boolean"}, True),
        ("a、b", {"type": "array", "items": {"type": "string"}}, ["a", "b"]),
        ("Mass", {"type": "string", "enum": ["staff", "mass"]}, "mass"),
        ("Serum Ａ", {"type": "string"}, "Serum Ａ"),
    ],
)
def test_values(text: str, field: dict[str, Any], value: Any) -> None:
    found = value_of(text, field)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("12%", {"type": "number", "unit": "yuan"}),
        ("15 yuan", {"type": "number", "unit": "share"}),
        ("1,500", {"type": "number", "unit": "yuan"}),
        ("1_000", {"type": "integer"}),
        ("NaN", {"type": "number"}),
        ("maybe", {"type": "boolean"}),
        ("a=b", {"type": "object", "additionalProperties": {"type": "string"}}),
        ("${x}", {"type": "string"}),
    ],
)
def test_values_that_are_none(text: str, field: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"got .*; it takes "):
        value_of(text, field)


def test_texts_below_may_hold_any_separator(tmp_path: Path) -> None:
    path = tmp_path / "plan.csv"
    path.write_text("item;kind\na,b,c,d,e;x\n", encoding="utf-8")
    assert read_table(path).rows[0].cells == ("a,b,c,d,e", "x")
