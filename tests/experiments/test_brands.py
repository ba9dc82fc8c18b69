"""The brands that come with the package: every plan runs with each of them, and what they sell agrees with what their files say."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from experiments import load
from sim import Scenario, simulate
from sim.brand.catalogue import Brand

FOLDER = Path(__file__).resolve().parents[2] / "configs" / "brand"
BRANDS = sorted(path.stem for path in FOLDER.glob("*.yaml"))
#: Those of practitioners' systems and the grocer, whose figures are told apart in comments: sourced or assumed.
COMMENTED = sorted(set(BRANDS) - {"apparel", "beauty"})

#: What plans may name, whatever the brand.
COLUMNS = {"tips", "expert", "entertainment", "stories", "care", "sales"}
ROLES = {"entry", "hero", "premium"}
CHANNELS = {"parcel_card", "store_guide", "official_account", "paid_bait", "kol"}

DAYS = 20
PEOPLE = 300
#: Purchases from need below which a brand may well sell nothing in such a run: its cycle is years.
ENOUGH = 10


@cache
def scenario(brand: str, strategy: str) -> Scenario:
    return load(f"brand={brand}", f"strategy={strategy}", f"population.size={PEOPLE}", f"horizon_days={DAYS}")


def brand_of(name: str) -> Brand:
    return scenario(name, "fish_raising").brand


def days_between(brand: Brand) -> float:
    """Return the mean time between purchases of a customer, from the mean of the gamma of rates."""
    return 7.0 * brand.need.rate_scale_weeks / brand.need.rate_shape


@pytest.mark.parametrize("name", BRANDS)
def test_a_brand_has_what_plans_name(name: str) -> None:
    brand = brand_of(name)
    assert brand.name == name
    assert set(brand.columns) >= COLUMNS
    assert {product.role for product in brand.products.values()} == ROLES
    assert set(brand.channels) >= CHANNELS


@pytest.mark.parametrize("name", BRANDS)
def test_everything_earns_something_at_list_price(name: str) -> None:
    assert [product for product, entry in brand_of(name).products.items() if entry.cost_yuan >= entry.list_yuan] == []


@pytest.mark.parametrize("strategy", ["fish_raising", "kill_pig"])
@pytest.mark.parametrize("name", BRANDS)
def test_no_coupon_takes_most_of_a_unit_off(name: str, strategy: str) -> None:
    """A coupon pulls as its yuan against one unit of its product: 20 yuan off a cup of 31 sold cups by the dozen."""
    brand = brand_of(name)
    for item in scenario(name, strategy).strategy.programme.values():
        if item.kind == "coupon":
            product = list(brand.products.values())[brand.product_index(item.product)]
            assert item.amount_yuan <= 0.4 * product.list_yuan


@pytest.mark.parametrize("name", COMMENTED)
def test_a_file_says_what_is_sourced_and_what_is_assumed(name: str) -> None:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    head, _, body = text.partition(f"name: {name}\n")
    assert "# Sourced:" in head
    assert "# Assumed:" in head
    lines = body.splitlines()
    for above, line in pairwise(lines):
        if line.partition(":")[0] in ("topics", "columns", "products", "channels", "need", "shop"):
            assert "#" in line or above.startswith("#"), line


@pytest.mark.parametrize("strategy", ["fish_raising", "kill_pig"])
@pytest.mark.parametrize("name", BRANDS)
def test_a_brand_runs_and_sells(name: str, strategy: str) -> None:
    result = simulate(scenario(name, strategy), seed=1, replication=0)
    orders = result.orders
    if PEOPLE * DAYS / days_between(brand_of(name)) >= ENOUGH:
        assert len(orders) > 0
    assert len(orders) <= 0.5 * DAYS * len(result.members)
    assert orders.empty or orders["units"].max() <= 50


@pytest.mark.parametrize("name", BRANDS)
def test_people_buy_as_often_as_the_file_says(name: str) -> None:
    """Without groups, lapsing and freeloaders, over one cycle. Need takes no sessions, so a run of years has hardly any."""
    cycle = days_between(brand_of(name))
    plain = load(
        f"brand={name}",
        "strategy=no_community",
        "population.size=2000",
        f"horizon_days={cycle}",
        "brand.need.lapse_a=0.000001",
        "behaviour.freeloading.share=0",
        "behaviour.sessions.rate_per_day=0.01",
    )
    members = founders(simulate(plain, seed=1, replication=0).members)
    assert members["orders"].mean() == pytest.approx(1.0, rel=0.12)


def founders(members: pd.DataFrame) -> pd.DataFrame:
    """Return those of day 0, whom the whole time has seen."""
    return members[members["admitted_h"] <= 0.0]


def test_the_page_of_brands_says_what_the_files_say() -> None:
    page = (FOLDER.parents[1] / "docs" / "reference" / "brands.md").read_text(encoding="utf-8")
    first = page.partition("\n## ")[0]
    rows = {row[0].strip(" `"): row for row in (line.strip("|").split("|") for line in first.splitlines() if line.startswith("| `"))}
    assert list(rows) == BRANDS
    for name, row in rows.items():
        brand = brand_of(name)
        prices = [product.list_yuan for product in brand.products.values()]
        assert row[2].strip() == f"{min(prices):,.10g} to {max(prices):,.10g}"
        assert float(row[3].replace(",", "")) == round(days_between(brand))
        assert row[4].strip() == f"{100 * gross_margin(brand):.0f} %"


def test_the_page_of_brands_has_all_that_a_plan_can_name() -> None:
    page = (FOLDER.parents[1] / "docs" / "reference" / "brands.md").read_text(encoding="utf-8")
    rows = [line for line in page.partition("## What a plan can name")[2].partition("\n## ")[0].splitlines() if line.startswith("| `")]
    assert rows == [names_of(brand_of(name)) for name in BRANDS]


def names_of(brand: Brand) -> str:
    """Return the line of a brand: products by role, topics, and the columns and channels that not every brand has."""

    def listed(names: Iterable[str]) -> str:
        return ", ".join(f"`{name}`" for name in names) or "none"

    products = brand.products.items()
    by_role = (
        ", ".join(f"`{name}` {item.list_yuan:,.10g}" for name, item in products if item.role == role)
        for role in ("entry", "hero", "premium")
    )
    columns = (name for name in brand.columns if name not in COLUMNS)
    channels = (name for name in brand.channels if name not in CHANNELS)
    return f"| `{brand.name}` | {' | '.join(by_role)} | {listed(brand.topics)} | {listed(columns)} | {listed(channels)} |"


def gross_margin(brand: Brand) -> float:
    """Return the share of list prices that is not cost, over what is bought from need; houses are too few and too dear to be among it."""
    bought = [product for name, product in brand.products.items() if name != "house"]
    return 1.0 - sum(p.share * p.cost_yuan for p in bought) / sum(p.share * p.list_yuan for p in bought)


def test_a_phone_is_replaced_about_every_two_years() -> None:
    brand = brand_of("phones")
    whole = sum(product.share for product in brand.products.values())
    phones = sum(brand.products[name].share for name in ("phone", "budget_phone", "flagship"))
    assert 600 <= days_between(brand) * whole / phones <= 800


def test_no_plan_puts_houses_on_offer() -> None:
    brand = brand_of("resort_homes")
    named = {list(brand.products)[brand.product_index(role)] for role in ROLES}
    assert "house" not in named
    assert brand.products["house"].share <= 0.001 * sum(product.share for product in brand.products.values())
