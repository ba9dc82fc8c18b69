"""What items did: sums of the tables by item, divided by the runs, told in the report."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from experiments.command import main
from experiments.item_results import item_rows
from experiments.loaded import Loaded
from experiments.simulator import Simulator


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of a small comparison of the real simulator; not to be changed."""
    folder = tmp_path_factory.mktemp("items") / "a"
    size = ("population.size=60", "horizon_days=8", "replications=2", "executor=serial", "progress=off", "report.page=false")
    assert main(["compare", "strategies=[kill_pig,fish_raising]", *size, f"out={folder}"], Simulator()) == 0
    return folder


def test_every_item_is_told_with_what_the_tables_hold(folder: Path) -> None:
    rows = item_rows(Loaded(folder))
    assert list(rows) == ["kill_pig", "fish_raising"]
    actions, messages = (pd.read_parquet(folder / f"{name}.parquet") for name in ("actions", "messages"))
    for name, own in rows.items():
        there = {row["item"]: row for row in own}
        sent, done = messages[messages["strategy"] == name], actions[actions["strategy"] == name]
        assert set(there) == (set(sent["item"]) | set(done["item"])) - {"strangers"}
        for item, row in there.items():
            assert float(row["orders"].replace(",", "")) == pytest.approx(sent[sent["item"] == item]["orders"].sum() / 2, abs=0.06)
            assert float(row["done"].replace(",", "")) == pytest.approx(
                ((done["item"] == item) & (done["status"] == "done")).sum() / 2, abs=0.06
            )


def test_orders_of_messages_are_all_told(folder: Path) -> None:
    """Orders of the items add up to the orders that have a message."""
    orders = pd.read_parquet(folder / "orders.parquet")
    rows = item_rows(Loaded(folder))
    for name, own in rows.items():
        told = sum(float(row["orders"].replace(",", "")) for row in own)
        begun = ((orders["strategy"] == name) & (orders["message"] >= 0)).sum() / 2
        assert told == pytest.approx(begun, abs=0.06 * len(own))
        assert begun > 0
