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
    for name in ("executor", "report"):
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
    assert manifest["sessions"] == summary.loc[summary["metric"] == "sessions", "mean"].sum() * 3
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
def test_every_record_can_be_stored(fishpond: Callable[..., int], record: str) -> None:
    assert fishpond("run", f"record={record}", *JOB[1:], "executor=serial", "out=a") == 0
    assert Path("a/report.html").is_file()
    assert len(pd.read_parquet("a/members.parquet")) == 0 if record == "summary" else True
