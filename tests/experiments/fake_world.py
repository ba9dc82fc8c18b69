"""A toy in place of `sim`, with its own small configuration tree: quick, deterministic, and able to fail on request."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field

from experiments.simulator import Simulator

CAUSES = ("base", "pressure", "irrelevance", "distrust", "regret", "silence", "contagion", "hunting")
#: Environment variables (worker processes see them, and they are no part of an experiment): seconds that every run
#: takes longer, and which run fails how, for example ``raise:kill_pig:3``.
DELAY, FAULT = "FAKE_DELAY", "FAKE_FAULT"
REAL_CONFIGS = Path(__file__).resolve().parents[2] / "configs"


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Population(Model):
    size: int = Field(200, ge=1)
    groups: int = Field(3, ge=1)


class Fatigue(Model):
    half_life_days: float = Field(2.0, gt=0)


class Behaviour(Model):
    fatigue: Fatigue = Fatigue()
    trust_start: float = Field(0.5, ge=0, le=1)


class Market(Model):
    pool: float = Field(1e4, gt=0)


class Brand(Model):
    name: str
    price: float = Field(100.0, gt=0)


class Post(Model):
    kind: Literal["post"]
    when: str
    topics: tuple[str, ...] = ()


class Sale(Model):
    kind: Literal["sale"]
    when: str
    discount: float = Field(0.2, ge=0, le=0.9)
    stock: int | None = None


class Budget(Model):
    total_yuan: float | None = None
    red_packets_yuan: float = 0.0
    items: dict[str, float] = {}


class Strategy(Model):
    name: str
    description: str = ""
    community: bool = True
    budget: Budget = Budget()
    pressure: float = Field(0.5, ge=0)
    programme: dict[str, Annotated[Post | Sale, Field(discriminator="kind")]] = {}


class ReportSettings(Model):
    discount_rate: float = 0.1


class Clock(Model):
    tick_minutes: int = Field(15, ge=1)


class FakeHistory(Model):
    strategy: None = None
    days: int = 0


class FakeScenario(Model):
    horizon_days: float = Field(gt=0)
    history: FakeHistory = FakeHistory()
    clock: Clock = Clock()
    population: Population
    behaviour: Behaviour
    market: Market
    brand: Brand
    strategy: Strategy
    report: ReportSettings = ReportSettings()


FILES = {
    "brand/beauty": "name: beauty\nprice: 100.0\n",
    "brand/apparel": "name: apparel\nprice: 300.0\n",
    "population/default": "size: 200\ngroups: 3\n",
    "behaviour/default": "fatigue:\n  half_life_days: 2.0\n",
    "market/default": "pool: 10000.0\n",
    "strategy/kill_pig": (
        "name: kill_pig\ndescription: sell at once\npressure: 2.0\nbudget:\n  total_yuan: 1000.0\n  red_packets_yuan: 400.0\n"
        "programme:\n  flash_sale:\n    kind: sale\n    when: daily 20:00\n    discount: 0.4\n"
        "  spam:\n    kind: post\n    when: daily 10:00\n    topics: [deals]\n"
    ),
    "strategy/fish_raising": (
        "name: fish_raising\ndescription: relation first\npressure: 0.3\nbudget:\n  total_yuan: 500.0\n  red_packets_yuan: 100.0\n"
        "programme:\n  member_day:\n    kind: sale\n    when: Wed 20:00\n    discount: 0.1\n"
        "  tips:\n    kind: post\n    when: Mon 12:00\n    topics: [skin, care]\n"
    ),
    "strategy/no_community": "name: no_community\ncommunity: false\npressure: 0.0\n",
    "strategy/poor": "name: poor\nbudget:\n  total_yuan: null\n  red_packets_yuan: 10.0\n",
    "experiment/short": "# @package _global_\nhorizon_days: 20\nstrategies: [fish_raising, kill_pig]\n",
    "experiment/cheap": (
        "# @package _global_\ndefaults:\n  - override /brand: apparel\n  - _self_\n"
        "only:\n  fish_raising:\n    programme:\n      member_day:\n        discount: 0.3\n"
    ),
}


def make_tree(folder: Path) -> Path:
    """Write the configuration tree: the real top of it, with toy files in the groups."""
    shutil.copytree(REAL_CONFIGS / "executor", folder / "executor")
    shutil.copytree(REAL_CONFIGS / "report", folder / "report")
    shutil.copytree(REAL_CONFIGS / "flip_map", folder / "flip_map")
    shutil.copytree(REAL_CONFIGS / "robustness", folder / "robustness")
    shutil.copy(REAL_CONFIGS / "config.yaml", folder)
    for name, text in FILES.items():
        path = folder / f"{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


class FakeSimulator(Simulator):
    """What the experiments get in place of `sim`."""

    def __init__(self, tree: Path) -> None:
        self.tree = tree
        self.warmed = 0

    def configs(self) -> Path:
        return self.tree

    def sources(self) -> Path:
        return Path(__file__)

    def scenario_model(self) -> Any:
        return FakeScenario

    def simulate(self) -> Any:
        return simulate

    def is_compiled(self) -> bool:
        return self.warmed > 0

    def warm_up(self) -> float:
        self.warmed += 1
        return 0.0


@dataclass(frozen=True)
class FakeResult:
    strategy: str
    replication: int
    seed: int
    summary: dict[str, float]
    members: pd.DataFrame
    orders: pd.DataFrame
    daily: pd.DataFrame
    messages: pd.DataFrame
    groups: pd.DataFrame
    actions: pd.DataFrame
    timing: dict[str, float]
    biographies: pd.DataFrame = field(default_factory=pd.DataFrame)
    cohorts: pd.DataFrame = field(default_factory=pd.DataFrame)
    splits: pd.DataFrame = field(default_factory=lambda: splits_of("", 0).iloc[:0])
    chat: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["strategy", "replication", "line", "person"]))
    claims: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["strategy", "replication", "packet", "person"]))
    packets: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["strategy", "replication", "packet", "sender"]))


def simulate(
    scenario: FakeScenario,
    seed: int = 1,
    replication: int = 0,
    *,
    record: str = "daily",
    threads: int = 1,
    trace: Sequence[str] | int = (),
) -> FakeResult:
    """Simulate a toy world: members join, tire and leave; the harder a strategy sells, the sooner it earns and loses."""
    start = time.perf_counter()
    _fail_on_request(scenario.strategy.name, replication)
    time.sleep(float(os.environ.get(DELAY, "0")))
    days = round(scenario.horizon_days)
    pressure = scenario.strategy.pressure
    size, groups = scenario.population.size, scenario.population.groups if scenario.strategy.community else 0
    draws = np.random.default_rng([seed, replication])
    joined = draws.uniform(0, 24, size)
    group = np.arange(size) % groups if groups else np.full(size, -1)
    lifetime = draws.exponential(2400.0 / (0.2 + pressure), size)
    left = joined + lifetime
    left[left > 24 * days] = np.nan
    shares = draws.dirichlet(np.ones(len(CAUSES)), size) * np.where(np.isnan(left), np.nan, 1.0)[:, None]
    day = np.arange(days)
    alive = ((joined[:, None] <= 24 * (day + 1)) & ~(left[:, None] <= 24 * day)).astype(float)
    rate = 0.03 * (1 + pressure * np.exp(-day / 25)) * scenario.brand.price
    bought = draws.gamma(0.5, 2.0, (size, days)) * alive * rate
    head = {"strategy": scenario.strategy.name, "replication": replication}
    members = pd.DataFrame(
        head
        | {"person": np.arange(size), "key": [f"{2**32 + nth:016x}" for nth in range(size)], "channel": "founding"}
        | {"group": group, "admitted_h": joined, "tolerance_per_week": 5.0}
        | {"joined_h": joined if groups else np.full(size, np.nan), "left_h": left if groups else np.full(size, np.nan)}
        | {"left_cause": np.where(np.isnan(left), "", "pressure")}
        | {f"share_{cause}": shares[:, index] if groups else np.full(size, np.nan) for index, cause in enumerate(CAUSES)}
        | {"gmv": bought.sum(axis=1)}
    )
    rows = []
    for index in [-1, *range(groups)]:
        own = group == index
        gmv = bought[own].sum(axis=0)
        rows.append(
            pd.DataFrame(
                head
                | {"day": day, "group": index, "members": (alive[own].sum(axis=0) * (index >= 0)).astype(int)}
                | {"active": (alive[own].sum(axis=0) * 0.7).astype(int), "gmv": gmv}
                | {"contribution": 0.5 * gmv - 3.0 * pressure * (index == 0), "orders": (gmv / 100).astype(int)}
                | {"mean_fatigue": pressure * (1 - np.exp(-day / 10)), "mean_trust": 0.5 + 0.3 * np.exp(-pressure * day / 30) - 0.2}
                | {"leaves": 0, "joins": 0}
            )
        )
    daily = pd.concat(rows, ignore_index=True).sort_values(["day", "group"], ignore_index=True)
    orders = pd.DataFrame(head | {"time_h": joined[:20], "person": np.arange(len(joined[:20])), "paid_yuan": bought[:20].sum(axis=1)})
    actions = pd.DataFrame(
        head
        | {"time_h": np.arange(6) * 24.0, "item": "flash_sale", "kind": "sale", "group": 0}
        | {"status": ["done", "refused", "done", "refused", "done", "done"]}
        | {"reason": ["", "budget", "", "platform cap", "", ""], "cost_yuan": 1.0, "people": 0}
    )
    messages = pd.DataFrame(head | {"message": np.arange(4), "item": "tips", "time_h": np.arange(4.0), "kind": "post"})
    group_table = pd.DataFrame(head | {"group": np.arange(groups), "vitality": "value"})
    gmv = float(daily["gmv"].sum())
    leaves = float((~np.isnan(left)).sum()) if groups else 0.0
    summary = {
        "gmv": gmv,
        "net_revenue": 0.95 * gmv,
        "contribution": float(daily["contribution"].sum()),
        "churn_rate": leaves / size if groups else float("nan"),
        "retention_d30": float(np.mean(lifetime > 720)) if groups else float("nan"),
        "active_members": float(np.isnan(left).sum()) if groups else 0.0,
        "leaves": leaves,
        "buyers": float(size),
        "ltv": 0.5 * gmv / size,
        "payback_days": float("nan"),
        "mean_trust": float(daily["mean_trust"].iloc[-1]),
        "mean_fatigue": float(daily["mean_fatigue"].iloc[-1]),
        "groups_value": float(groups and 1),
        "groups_lukewarm": float(max(groups - 2, 0)),
        "groups_dead": float(groups > 1),
        "groups_junk": 0.0,
        "sessions": float(size * days),
    }
    if record == "summary":
        members, orders, daily, messages, group_table, actions = (
            table.iloc[:0] for table in (members, orders, daily, messages, group_table, actions)
        )
    return FakeResult(
        scenario.strategy.name, replication, seed, summary, members, orders, daily, messages, group_table, actions,
        {"simulate": time.perf_counter() - start}, biographies_of(trace, size, days), cohorts_of(members),
        splits_of(scenario.strategy.name, replication),
    )  # fmt: skip


def splits_of(strategy: str, replication: int) -> pd.DataFrame:
    """Part people in two: who is treated orders as often, and is worth more."""
    names = ("people", "buyers", "exits", "orders", "gmv", "gmv_sd", "contribution", "contribution_sd")
    arms = [("treated", (50, 20, 5, 30, 3000.0, 80.0, 1500.0, 40.0)), ("control", (50, 18, 5, 25, 2500.0, 80.0, 1000.0, 40.0))]
    lead = {"strategy": strategy, "replication": replication, "split": "halves", "unit": "person"}
    return pd.DataFrame([{**lead, "arm": arm, **dict(zip(names, values, strict=True))} for arm, values in arms])


def cohorts_of(members: pd.DataFrame) -> pd.DataFrame:
    """Count people by channel."""
    found = members.groupby(["strategy", "replication", "channel"], as_index=False).size()
    return found.rename(columns={"size": "people"})


def biographies_of(trace: Sequence[str] | int, size: int, days: int) -> pd.DataFrame:
    """Follow people who have a session a day, buy on day 2, lapse, mute on day 4 and leave on day 6."""
    everybody = [f"{2**32 + nth:016x}" for nth in range(size)]
    keys = everybody[:trace] if isinstance(trace, int) else sorted(set(trace) & set(everybody))
    day = np.arange(days)
    grown = {
        "sessions": day, "messages_read": 3 * np.minimum(day, 6), "written": day // 2, "claims": day // 3, "claimed_yuan": 0.5 * (day // 3),
        "received_yuan": day * 0.0,
        "orders": np.minimum(day // 2, 3), "gmv_yuan": 100.0 * np.minimum(day // 2, 3), "invitations": day // 4, "referred": day // 5,
        "muted": day >= 4, "member": day < 6, "left_cause": np.where(day < 6, -1, 1), "lapsed_h": np.where(day < 3, np.nan, 72.0),
        "won_back": day * 0, "fatigue_fast": 1.0 * day, "fatigue_slow": 0.1 * day, "trust": 0.5 - 0.01 * day, "desire": 0.2 * day,
        "belonging": 0.05 * day, "habit_most": 0.02 * day, "leave_clock": 0.6 - 0.1 * np.minimum(day, 6.0),
        **{f"leaving_spent_{cause}": 0.05 * np.minimum(day, 6.0) * (n in (1, 3)) for n, cause in enumerate(CAUSES)},
    }  # fmt: skip
    start = {"lapsed_h": np.nan, "leave_clock": 0.6, "left_cause": -1, "member": False, "muted": False}
    before = {f"{name}_before": np.array([start.get(name, 0), *values[:-1]]) for name, values in grown.items() if "spent" not in name}
    event = np.array(["arrival", *["session", "session", "allotment", "need"] * days][:days])
    rows = pd.DataFrame({"key": "", "time_h": 24.0 * day, "event": event} | before | grown)
    return pd.concat([rows.assign(key=key) for key in keys] or [rows.iloc[:0]], ignore_index=True)


def simulate_and_look_around(*arguments: Any, **settings: Any) -> FakeResult:
    """Simulate, and say in place of GMV whether this process has imported matplotlib."""
    result = simulate(*arguments, **settings)
    return replace(result, summary={**result.summary, "gmv": float("matplotlib" in sys.modules)})


def simulate_for_ever_compiled(*_: Any, **__: Any) -> None:
    """Go round in compiled code, as a bug in the kernel would."""
    import numba

    @numba.njit(nogil=True)  # type: ignore[untyped-decorator]
    def round_and_round(seen: int) -> int:
        while seen >= 0:
            seen = (seen * 3 + 1) % 1000
        return seen

    round_and_round(1)


def _fail_on_request(strategy: str, replication: int) -> None:
    kind, _, where = os.environ.get(FAULT, "").partition(":")
    if where != f"{strategy}:{replication}":
        return
    if kind == "raise":
        raise ValueError("the toy was asked\nto fail")
    if kind == "die":
        os._exit(3)
    if kind == "hang":
        time.sleep(1000)
    if kind == "interrupt":
        raise KeyboardInterrupt
