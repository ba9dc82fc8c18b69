"""Commands on the real simulator, in a very small world."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from omegaconf import OmegaConf

from experiments.command import main
from experiments.simulator import Simulator
from sim import Scenario
from tests.experiments.fake_world import REAL_CONFIGS


class SmallWorld(Simulator):
    """The real simulator on a tree made of its own smallest scenario."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree

    def configs(self) -> Path:
        return self.tree


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> SmallWorld:
    tree = tmp_path_factory.mktemp("small")
    for name in ("executor", "report", "flip_map", "robustness"):
        shutil.copytree(REAL_CONFIGS / name, tree / name)
    shutil.copy(REAL_CONFIGS / "config.yaml", tree)
    minute = Scenario.minute().model_dump(mode="json")
    files = {
        "brand/beauty": minute["brand"],
        "population/default": minute["population"],
        "behaviour/default": {},
        "market/default": {},
        "strategy/kill_pig": {**minute["strategy"], "name": "kill_pig"},
        "strategy/fish_raising": {**minute["strategy"], "name": "fish_raising", "programme": {}},
        "strategy/no_community": {**minute["strategy"], "name": "no_community", "programme": {}, "community": False},
    }
    for name, values in files.items():
        path = tree / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        OmegaConf.save(OmegaConf.create(values), path)
    return SmallWorld(tree)


@pytest.fixture
def fishpond(world: SmallWorld, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: main(arguments, world)


JOB = ("strategies=[kill_pig,fish_raising,no_community]", "horizon_days=8", "population.size=40", "replications=3", "progress=off")


def test_a_comparison_from_end_to_end(fishpond: Callable[..., int]) -> None:
    assert fishpond("compare", *JOB, "workers=2", "out=a") == 0
    assert fishpond("compare", *JOB, "executor=serial", "report.page=false", "out=b") == 0
    for path in Path("b").glob("*.parquet"):
        assert path.read_bytes() == Path("a", path.name).read_bytes(), path.name
    assert len(list(Path("a/figures").glob("*.svg"))) >= 9
    summary = pd.read_csv("a/summary.csv")
    incremental = summary[summary["metric"] == "incremental_gmv"].set_index("strategy")["replications"]
    assert incremental.to_dict() == {"kill_pig": 3, "fish_raising": 3, "no_community": 0}
    manifest = json.loads(Path("a/manifest.json").read_text(encoding="utf-8"))
    assert manifest["sessions"] == round(summary.loc[summary["metric"] == "sessions", "mean"].sum() * 3)
    page = Path("a/report.html").read_text(encoding="utf-8")
    assert "After 8 days, " in page


def test_daily_money_adds_up_to_the_metrics(fishpond: Callable[..., int]) -> None:
    assert fishpond("compare", *JOB, "executor=serial", "report.page=false", "out=a") == 0
    keys = ["strategy", "replication"]
    runs = pd.read_parquet("a/runs.parquet").set_index(keys).sort_index()
    daily = pd.read_parquet("a/daily.parquet").groupby(keys)[["gmv", "contribution"]].sum().sort_index()
    for column in daily:
        assert daily[column].to_numpy() == pytest.approx(runs[column].to_numpy(), abs=0.005)


@pytest.mark.parametrize("record", ["summary", "full"])
def test_every_record_can_be_stored(fishpond: Callable[..., int], one_figure: None, record: str) -> None:
    assert fishpond("run", "strategy=kill_pig", f"record={record}", *JOB[1:], "executor=serial", "out=a") == 0
    assert Path("a/report.html").is_file()
    members = pd.read_parquet("a/members.parquet")
    assert len(members) == 0 if record == "summary" else True
    assert Path("a/chat.parquet").is_file() == (record == "full")
    if record == "full":
        claimed = pd.read_parquet("a/claims.parquet").groupby("replication")["received_yuan"].sum()
        held = members.groupby("replication")[["claimed_yuan", "received_yuan"]].sum().sum(axis=1)
        assert claimed.to_numpy() == pytest.approx(held.to_numpy(), abs=1e-6)
        assert len(pd.read_parquet("a/chat.parquet")) == members["messages_written"].sum() > 0
        assert (pd.read_parquet("a/packets.parquet")["claimed"] > 0).any()


def test_biographies_are_those_of_the_run(fishpond: Callable[..., int], one_figure: None, capsys: pytest.CaptureFixture[str]) -> None:
    job = ("run", "strategy=kill_pig", *JOB[1:], "executor=serial", "out=a")
    assert fishpond(*job, "trace=2 random") == 0
    assert "2 biographies: a/biographies.csv" in capsys.readouterr().out
    table = pd.read_parquet("a/biographies.parquet")
    assert table["key"].nunique() == 2
    members = pd.read_parquet("a/members.parquet").query("replication == 0").set_index("key")
    last = table.groupby("key").last()
    for column in ("trust", "fatigue_slow", "desire", "sessions", "orders", "messages_read"):
        assert last[column].to_numpy() == pytest.approx(members.loc[last.index, column].to_numpy(), rel=1e-12), column
    for key in last.index:
        assert Path(f"a/figures/biography_{key}.png").stat().st_size > 30_000
    # Whoever bought in the run bought in the biography, at the same hour and for the same money.
    orders = pd.read_parquet("a/orders.parquet").query("replication == 0")
    buyer = members.reset_index().set_index("person").loc[orders["person"].iloc[0], "key"]
    assert fishpond(*job, f"trace=[{buyer}]") == 0
    life = pd.read_parquet("a/biographies.parquet")
    assert life["gmv_yuan"].iloc[-1] == pytest.approx(orders[orders["person"] == orders["person"].iloc[0]]["paid_yuan"].sum())


def test_a_map_of_who_leads_where(fishpond: Callable[..., int], one_figure: None, capsys: pytest.CaptureFixture[str]) -> None:
    job = ("strategies=[kill_pig,fish_raising]", *JOB[1:], "flip_map=default", "flip_map.replications=2", "out=a")
    assert fishpond("compare", *job, "workers=2", "flip_map.values=[[3.5,7],[1,2]]") == 0
    table = pd.read_csv("a/flip_map.csv")
    assert len(table) == 2 * 2 * 3
    assert table["horizon_days"].unique().tolist() == [3, 5, 8]
    assert (table["replications"] == 2).all()
    assert (table["low"] <= table["difference"]).all()
    # The cell of the parameters as they are is the comparison itself, run for run.
    runs = pd.read_parquet("a/runs.parquet").set_index(["strategy", "replication"])["contribution"]
    cells = pd.read_parquet("a/flip_map/runs.parquet").set_index(["strategy", "replication"])["contribution"]
    for name in ("kill_pig", "fish_raising"):
        for replication in (0, 1):
            assert cells[f"{name}@7,1", replication] == runs[name, replication]
    last = table.query("first == 7 and second == 1 and horizon_days == 8").iloc[0]
    gap = (runs["fish_raising"] - runs["kill_pig"])[:2].mean()
    assert last["difference"] == pytest.approx(gap, abs=0.005)
    page = Path("a/report.html").read_text(encoding="utf-8")
    assert "behaviour.buying.advance_days (3.5 to 7 days) and behaviour.trust.buying_weight (1 to 2 log rate per trust)" in page
    assert Path("a/figures/flip_map.png").is_file()
