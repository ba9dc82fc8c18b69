"""The CSV files of a brand: what is read, and what is said of rows that are wrong."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.brand_data.cells import money, times
from experiments.brand_data.reading import read_folder
from experiments.brand_data.schema import FILES
from experiments.command import main
from experiments.errors import UserError
from experiments.tables import TABLES
from tests.experiments.conftest import Fishpond

ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_values_are_read_in_all_forms(tmp_path: Path) -> None:
    data = read_folder(
        write(
            tmp_path,
            orders="Member,Time,Amount,Discount,Refund,Product,Units,Order\n"
            'u1,2026-03-01 20:15:07,"1,234.50",0.1,,soap,2,a\n'
            "u1,2026/3/2,¥19.90,,19.90,,,\n"
            "\n"
            "u2,20260303,0,,,,,b\n",
        )
    )
    assert data.bad.empty
    orders = data.tables["orders"]
    assert list(orders.columns) == FILES["orders"].names
    assert list(orders.index) == [2, 3, 5]  # as a spreadsheet numbers rows: the empty one counts
    assert list(orders["time"]) == [pd.Timestamp("2026-03-01 20:15:07"), pd.Timestamp("2026-03-02"), pd.Timestamp("2026-03-03")]
    assert list(orders["amount"]) == [123450, 1990, 0]
    np.testing.assert_array_equal(orders["refund"], [np.nan, 1990, np.nan])
    np.testing.assert_array_equal(orders["units"], [2, np.nan, np.nan])
    assert list(orders["product"]) == ["soap", "", ""]


@pytest.mark.parametrize(
    "encoded",
    [
        "member;time;amount\n李;2026-01-05;9.5\n".encode("gb18030"),
        "﻿member\ttime\tamount\n李\t2026-01-05\t9.5\n".encode(),
    ],
)
def test_other_separators_and_encodings(tmp_path: Path, encoded: bytes) -> None:
    (tmp_path / "orders.csv").write_bytes(encoded)
    orders = read_folder(tmp_path).tables["orders"]
    assert (orders["member"].item(), orders["amount"].item()) == ("李", 950)


def test_every_bad_cell_is_reported_with_its_row(tmp_path: Path) -> None:
    data = read_folder(
        write(
            tmp_path,
            orders="order,member,time,amount,refund,units\n"
            "a,u1,2026-02-30,10,,\n"  # no such day
            "a,u1,2026-02-20,-1,,0\n"  # the same order, two more faults
            "c,,03/04/2026,5,6,1\n"  # nobody, a day that could be two, more sent back than paid
            "d,u1,2026-02-20,5,,1,7\n"  # a cell too many
            "e,u1,2026-02-20,5,5,1\n",
            members="member,joined,left,inviter\nu1,2026-02-02,2026-02-01,u1\nu2,2026-02-02 18:00,2026-02-02,u1\n",
            messages="day,messages\n2026-01-01,1.5\n",
        )
    )
    assert data.bad.to_numpy().tolist() == [
        ["members.csv", 2, "left", "2026-02-01", "a time that is not before joined"],
        ["members.csv", 2, "inviter", "u1", "another member"],
        ["orders.csv", 2, "time", "2026-02-30", "a day, 2026-03-01, or a time, 2026-03-01 20:15:00"],
        ["orders.csv", 3, "order", "a", "each value once"],
        ["orders.csv", 3, "amount", "-1", "an amount of at least 0, such as 129.90"],
        ["orders.csv", 3, "units", "0", "a whole number of at least 1"],
        ["orders.csv", 4, "member", "", "a text of 200 characters at most, and must be filled"],
        ["orders.csv", 4, "time", "03/04/2026", "a day, 2026-03-01, or a time, 2026-03-01 20:15:00"],
        ["orders.csv", 4, "refund", "6", "not more than amount"],
        ["orders.csv", 5, "", "more cells than the header", "6 cells, as many as the header"],
        ["messages.csv", 2, "member", "", "a member, or else group a group"],
        ["messages.csv", 2, "messages", "1.5", "a whole number of at least 0"],
    ]
    assert list(data.tables["orders"].index) == [6]
    assert list(data.tables["members"].index) == [3]
    assert data.lines(1) == ["members.csv, row 2, left: got '2026-02-01'; it takes a time that is not before joined"]


def test_what_is_missing_is_said_in_a_line(tmp_path: Path) -> None:
    names = ", ".join(FILES["orders"].names)
    for files, line in (
        ({}, f"data: {tmp_path} has none of members.csv, orders.csv, messages.csv, invitations.csv; orders.csv alone is enough"),
        (
            {"orders": "member,date,amuont\nu,2026-01-01,1\n"},
            f"data: orders.csv has no column amount; it takes {names} (is amuont the one?)",
        ),
        ({"orders": "member,member\n"}, "data: orders.csv has two columns member; it takes each once"),
        ({"orders": "\n"}, "data: orders.csv is empty; its first row names the columns"),
    ):
        with pytest.raises(UserError) as caught:
            read_folder(write(tmp_path, **files))
        assert line in caught.value.lines
    with pytest.raises(UserError, match=r"data: .*nowhere is no folder; it takes one with members\.csv, orders\.csv"):
        read_folder(tmp_path / "nowhere")


def test_what_is_not_read_is_noted(tmp_path: Path) -> None:
    data = read_folder(write(tmp_path, orders="member,time,amount,dicount\nu,2026-01-01,1,1\n", order_lines="x\n"))
    assert data.notes == (
        "order_lines.csv is not read; did you mean orders?",
        "orders.csv: column 'dicount' is not read; did you mean discount?",
    )


def test_a_large_file_is_read_in_seconds(tmp_path: Path) -> None:
    rows = "".join(f"u{n % 9999},2026-01-{n % 28 + 1:02d} 10:00:00,{n % 500}.{n % 90 + 10}\n" for n in range(30_000))
    write(tmp_path, orders="member,time,amount\n" + rows)
    start = time.perf_counter()
    assert len(read_folder(tmp_path).tables["orders"]) == 30_000
    assert time.perf_counter() - start < 15  # one are usual; a check that went row by row would take minutes


def test_the_page_describes_every_column() -> None:
    page = (ROOT / "docs/reference/brand-data.md").read_text(encoding="utf-8")
    for name, file in FILES.items():
        part = page.partition(f"## {name}.csv")[2].partition("\n## ")[0]
        for column in file.columns:
            assert f"| `{column.name}` | {'yes' if column.required else ''}" in part, (name, column.name)
            assert column.meaning in part, (name, column.name)


# ---- export -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a comparison, after a history, that was exported."""
    out = tmp_path_factory.mktemp("exported") / "out"
    job = ["strategies=[fish_raising,no_community]", "replications=2", "population.size=120", "horizon_days=14", f"out={out}"]
    past = ["history.strategy=kill_pig", "history.days=7", "behaviour.referral.early_per_day=0.3"]
    assert main(["compare", *job, *past, "export=true", "executor=serial", "progress=off", "report.page=false"]) == 0
    return out


def test_export_has_every_run_and_no_bad_row(exported: Path) -> None:
    places = sorted(path.relative_to(exported / "export").as_posix() for path in (exported / "export").glob("*/*"))
    assert places == ["fish_raising/0", "fish_raising/1", "no_community/0", "no_community/1"]
    for place in places:
        data = read_folder(exported / "export" / place)
        assert list(data.tables) == list(FILES)
        assert data.bad.empty
        assert data.notes == ()


def test_export_is_the_run_to_the_fen_and_second(exported: Path) -> None:
    tables = {
        name: pd.read_parquet(exported / f"{name}.parquet").query("strategy == 'fish_raising' and replication == 1") for name in TABLES
    }
    members, orders = (tables[name].reset_index(drop=True) for name in ("members", "orders"))
    found = {name: table.reset_index(drop=True) for name, table in read_folder(exported / "export/fish_raising/1").tables.items()}
    start = pd.Timestamp("2026-01-05") + pd.Timedelta(days=7)
    assert len(orders) > 20
    names = "m" + members["key"]
    assert list(found["orders"]["member"]) == list(names[orders["person"]])
    for column, yuan in (("amount", "paid_yuan"), ("discount", "discount_yuan"), ("refund", "refund_yuan")):
        np.testing.assert_array_equal(found["orders"][column], (orders[yuan] * 100).round())
    behind = orders["time_h"] * 3600 - (found["orders"]["time"] - start).dt.total_seconds()
    assert behind.between(0, 1, inclusive="left").all()
    assert list(found["members"]["member"]) == list(names)
    assert (found["members"]["left"].notna() == members["left_h"].notna()).all()
    assert members["left_h"].notna().sum() > 3
    assert found["messages"]["messages"].sum() == tables["daily"].query("group >= 0")["messages"].sum() > 0
    came = members[members["inviter"] >= 0]
    assert len(came) > 3
    assert sorted(found["invitations"]["member"]) == sorted(names[came.index])
    assert set(found["invitations"]["inviter"]) == set(names[came["inviter"]])


def test_an_export_is_no_part_of_what_is_tried(exported: Path) -> None:
    assert "export" not in (exported / "config.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("sweep", "export=true", "population.size=20,30"), "export: not a key of sweep; it is a key of run and compare"),
        (
            ("run", "export=true", "record=summary"),
            "export: there is nothing to write with record=summary; it takes record=daily or record=full",
        ),
    ],
)
def test_export_is_refused_in_a_line(fishpond: Fishpond, words: tuple[str, ...], line: str) -> None:
    answer = fishpond(*words)
    assert (answer.code, answer.errors) == (2, [line])


def test_cells_that_are_none_are_missing() -> None:
    wrong = pd.Series(["", "2026-13-01", "2026-1", "2026-01/02", "20260101 25:00", "today"])
    assert times(wrong).isna().all()
    assert money(pd.Series(["", "1.2.3", "12,34", "1e3", "-5", "nan"])).isna().all()
    assert list(money(pd.Series(["0.29", "1.005", "12,345,678.9"]))) == [29, 100, 1234567890]
