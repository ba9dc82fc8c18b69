from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from sim import simulate
from sim.behaviour import buying, categories, coupons
from sim.codes import CATEGORIES
from sim.encode import product_table
from tests.sim.people import Record, a_group, a_message, a_product, an_offer, an_order, parameters, somebody
from tests.sim.worlds import Tree, build, null_tree, nurturing_tree

#: Three categories; the first has two goods.
GOODS: Tree = {
    "loose_tea": {"role": "entry", "list_yuan": 20.0, "cost_yuan": 5.0, "share": 3.0, "storable": True, "category": "tea"},
    "tea_bags": {"role": "hero", "list_yuan": 30.0, "cost_yuan": 9.0, "share": 1.0, "category": "tea"},
    "cake": {"role": "hero", "list_yuan": 40.0, "cost_yuan": 12.0, "share": 4.0, "topics": {"deals": 1.0}},
    "cup": {"role": "premium", "list_yuan": 90.0, "cost_yuan": 30.0, "share": 2.0, "storable": True, "use_days": 25.0},
}
NEED = 0.01


def shelf(goods: Tree | None = None) -> Any:
    """Return the products of a brand that sells some goods, as the kernel has them."""
    return product_table(build(null_tree(), {"brand.products": goods or GOODS}).brand)


def three() -> Record:
    """Return parameters for three categories of goods."""
    p = parameters()
    p["run"]["categories"] = 3
    return p


P = three()


def shopper(**fields: Any) -> Record:
    """Return somebody half of whose need is of category 0, 30 % of category 1, 20 % of category 2."""
    shares = np.zeros(CATEGORIES)
    shares[:3] = 0.5, 0.3, 0.2
    return somebody(P, **{"need_rate_per_hour": NEED, "buy_clock": 100.0, "need_shares": shares, **fields})


def days(*values: float) -> Any:
    """Return days by category."""
    return np.pad(np.array(values, float), (0, CATEGORIES - len(values)))


def spent(person: Record, category: int, **offer: Any) -> float:
    """Return what an offer of a good of a category spends from the clock."""
    before = float(person["buy_clock"])
    buying.offered(person, a_message(), an_offer(**{"price_share": 0.8, **offer}), a_product(category=category), 0.5, P, 0.0)
    return before - float(person["buy_clock"])


DOSE = NEED * 24 * 7 * (0.8 ** -float(P["prices"]["elasticity"]) - 1)


# ---- which category a product is of -----------------------------------------------------------------------------------


def test_a_product_is_a_category_of_its_own_unless_it_names_one() -> None:
    assert shelf()["category"].tolist() == [0, 0, 1, 2]
    assert shelf({name: {**good, "category": ""} for name, good in GOODS.items()})["category"].tolist() == [0, 1, 2, 3]
    # A category may be named after a product, which need not say so itself.
    assert shelf({**GOODS, "roll": {**GOODS["cake"], "category": "cake"}})["category"].tolist() == [0, 0, 1, 2, 1]


def test_more_categories_than_there_is_room_for_are_refused() -> None:
    nine = {f"good_{n}": GOODS["cake"] for n in range(CATEGORIES + 1)}
    with pytest.raises(ValueError, match=f"goods of 1 to {CATEGORIES} categories, got {CATEGORIES + 1}"):
        shelf(nine)
    assert shelf({**nine, "good_0": {**GOODS["cake"], "category": "good_1"}})["category"].max() == CATEGORIES - 1


# ---- shares of need ---------------------------------------------------------------------------------------------------


def test_shares_of_need_are_those_by_which_needs_fall_on_goods() -> None:
    products = shelf()
    person = somebody(P, interests=np.eye(8)[1])
    categories.fix_shares(person, products)
    np.testing.assert_allclose(person["need_shares"].sum(), 1.0, rtol=1e-6)
    weights = [categories.weight(person, product) for product in products]
    by_category = np.bincount(products["category"], weights, minlength=CATEGORIES) / sum(weights)
    np.testing.assert_allclose(person["need_shares"], by_category, rtol=1e-6)
    chosen = np.bincount(
        [products["category"][categories.choose(keyed(person, key), products, P)] for key in range(4000)], minlength=CATEGORIES
    )
    assert stats.chisquare(chosen[:3], 4000 * by_category[:3] / by_category.sum()).pvalue > 0.001


def keyed(person: Record, key: int) -> Record:
    """Return the same person by another key."""
    person["key"] = key
    return person


def test_goods_are_chosen_in_proportion_to_share_and_fit() -> None:
    products = shelf()
    person = somebody(P, interests=np.eye(8)[1])
    weights = np.array([categories.weight(person, product) for product in products])
    # Interest is in the cake's topic alone; the others are about both topics, of weights 2 and 1.
    np.testing.assert_allclose(weights, [3 * (0.25 + 5**-0.5), 0.25 + 5**-0.5, 4 * 1.25, 2 * (0.25 + 5**-0.5)])
    chosen = np.bincount([categories.choose(keyed(person, key), products, P) for key in range(4000)], minlength=4)
    assert stats.chisquare(chosen, 4000 * weights / weights.sum()).pvalue > 0.001


def test_of_one_category_everybody_has_all_their_need_exactly() -> None:
    for seed in range(50):
        person = somebody(P, interests=np.random.default_rng(seed).dirichlet(np.ones(8)))
        categories.fix_shares(person, shelf({name: {**good, "category": "all"} for name, good in GOODS.items()}))
        assert person["need_shares"].tolist() == [1.0] + [0.0] * (CATEGORIES - 1)


def test_goods_that_nobody_needs_leave_the_need_to_the_last() -> None:
    products = shelf({name: {**good, "share": 0.0} for name, good in GOODS.items()})
    person = somebody(P)
    categories.fix_shares(person, products)
    assert person["need_shares"].tolist() == [0.0, 0.0, 1.0] + [0.0] * (CATEGORIES - 3)
    assert categories.choose(person, products, P) == 3


# ---- offers -----------------------------------------------------------------------------------------------------------


def test_an_offer_brings_forward_the_need_of_its_category_alone() -> None:
    for category, share in enumerate((0.5, 0.3, 0.2)):
        assert spent(shopper(), category) == pytest.approx(DOSE * share)


def test_what_was_drawn_forward_of_a_category_is_still_there_in_the_others() -> None:
    person = shopper()
    assert spent(person, 0) == pytest.approx(DOSE * 0.5)
    assert spent(person, 0) == 0.0
    assert spent(person, 1) == pytest.approx(DOSE * 0.3)
    buying.elapsed(person, P, 7 * 24.0)
    for category, share in ((0, 0.5), (1, 0.3)):
        assert spent(person, category) == pytest.approx(DOSE * share * (1 - 1 / np.e))
    assert spent(person, 2) == pytest.approx(DOSE * 0.2)


def test_offers_of_all_categories_bring_forward_what_one_of_a_single_category_does() -> None:
    person = shopper()
    assert sum(spent(person, category) for category in range(3)) == pytest.approx(DOSE, rel=1e-6)


def test_stock_of_a_category_lessens_the_dose_of_its_offers_alone() -> None:
    stock = days(30.0, 60.0)
    for category, share in enumerate((0.25, 0.0, 0.2)):
        assert spent(shopper(surplus_days=stock), category) == pytest.approx(DOSE * share)


def test_a_coupon_that_comes_to_mind_follows_the_same_rule() -> None:
    p = three()
    p["coupons"]["last_days"] = 2.0
    for category, share in enumerate((0.25, 0.0, 0.2)):
        person = shopper(surplus_days=days(30.0, 60.0))
        coupons.remind(person, 3, a_product(category=category), p, 0.0)
        assert 100.0 - person["buy_clock"] == pytest.approx(NEED * 24 * 2 * share)


# ---- need at home -----------------------------------------------------------------------------------------------------


def test_stock_lessens_all_need_by_the_share_of_its_category() -> None:
    for stock, left in ((days(), 1.0), (days(60.0), 0.5), (days(0.0, 30.0), 0.85), (days(60.0, 60.0, 60.0), 0.0), (days(90.0), 0.5)):
        person = shopper(surplus_days=stock)
        buying.act(person, a_group(), P, 0.0)
        assert person["buy_rate"] == pytest.approx(NEED * left, abs=1e-9)


def test_who_has_no_stock_needs_exactly_what_they_need() -> None:
    person = shopper(need_shares=days(0.1, 0.2, 0.7))
    assert categories.left_of_all(person, P) == 1.0
    assert categories.left_of_all(somebody(P, surplus_days=days(13.0)), P) == 1.0 - 13.0 / 60.0


def test_an_order_stocks_its_category_and_every_stock_is_used_up_a_day_a_day() -> None:
    person = shopper()
    buying.ordered(person, an_order(price_share=0.8, units=2), a_product(storable=True, use_days=10.0, category=1), P, 0.0)
    np.testing.assert_array_equal(person["surplus_days"], days(0.0, 20.0))
    buying.ordered(person, an_order(price_share=0.8), a_product(storable=True, use_days=1.5, category=2), P, 0.0)
    buying.elapsed(person, P, 36.0)
    np.testing.assert_array_equal(person["surplus_days"], days(0.0, 18.5))


def test_needs_fall_on_goods_that_are_not_at_home() -> None:
    products = shelf()
    person = somebody(P, surplus_days=days(60.0, 30.0))
    chosen = np.bincount([categories.choose(keyed(person, key), products, P) for key in range(4000)], minlength=4)
    assert chosen[:2].sum() == 0
    weights = [categories.weight(person, products[2]) / 2, categories.weight(person, products[3])]
    assert stats.binomtest(int(chosen[2]), 4000, weights[0] / sum(weights)).pvalue > 0.001


def test_who_has_everything_asks_as_if_they_had_nothing() -> None:
    products = shelf()
    full, empty = (somebody(P, surplus_days=stock) for stock in (days(60.0, 60.0, 60.0), days()))
    for key in range(200):
        assert categories.choose(keyed(full, key), products, P) == categories.choose(keyed(empty, key), products, P)


# ---- one category for all is the model without categories ---------------------------------------------------------------


def test_with_one_category_all_formulas_are_those_without() -> None:
    """Bit for bit: need x 24 x W x (appeal - d)+ x (1 - S / limit)+, rate x (1 - S / limit)+, decay and use of one number."""
    random = np.random.default_rng(4)
    limit, advance = float(P["buying"]["stock_limit_days"]), float(P["buying"]["advance_days"])
    for _ in range(200):
        stock, drawn, need = random.uniform(0, 80), random.uniform(0, 2), random.gamma(1.0) / 100
        person = somebody(P, need_rate_per_hour=need, buy_clock=100.0, surplus_days=days(stock), drawn_forward=days(drawn))
        offer = an_offer(price_share=random.uniform(0.4, 1.0))
        appeal = buying.attraction(person, offer, 0.5, P, 0.0) - 1.0
        factor = max(0.0, 1.0 - stock / limit)
        buying.act(person, a_group(), P, 0.0)
        assert person["buy_rate"] == need * factor
        buying.offered(person, a_message(), offer, a_product(), 0.5, P, 0.0)
        assert person["buy_clock"] == 100.0 - need * 24.0 * advance * max(0.0, appeal - drawn) * factor
        assert person["drawn_forward"][0] == max(drawn, appeal)
        buying.elapsed(person, P, 5.0)
        assert person["surplus_days"][0] == max(0.0, stock - 5.0 / 24.0)


# ---- in small worlds ----------------------------------------------------------------------------------------------------


def world(goods: Tree, tree: Tree) -> Any:
    return build({**tree, "brand": {**tree["brand"], "products": goods}})


def one(goods: Tree) -> Tree:
    """Return goods that all serve one need."""
    return {name: {**good, "category": "all"} for name, good in goods.items()}


def test_without_offers_categories_change_nothing() -> None:
    tree = null_tree()
    pd.testing.assert_frame_equal(simulate(world(GOODS, tree), 3).orders, simulate(world(one(GOODS), tree), 3).orders, check_exact=True)


def test_a_deal_sells_by_the_need_of_its_category() -> None:
    """A cup is two tenths of need: a deal on it sells about so much of what it would as the stand-in for everything."""
    deal = {"kind": "sales_post", "when": "day 3 12:00", "product": "cup", "discount": 0.5, "window": "7d"}
    tree = null_tree(deal=deal)
    tree["population"] = {"size": 1500, "group_size": 200}
    parted, whole = (simulate(world(goods, tree), 3).orders for goods in (GOODS, one(GOODS)))
    on_deal = [orders.loc[orders["paid_yuan"] < orders["list_yuan"], "units"].sum() for orders in (parted, whole)]
    assert on_deal[1] > 200
    assert 0.1 < on_deal[0] / on_deal[1] < 0.3


def test_tables_tell_stock_over_all_need() -> None:
    result = simulate(build(nurturing_tree(), {"brand.products.soap.use_days": 40.0}), 4, trace=80)
    assert result.members["surplus_days"].between(0.0, 60.0).all()
    assert result.members["surplus_days"].max() > 0.0
    last = result.biographies.groupby("key").last()
    own = result.members.set_index("key")["surplus_days"].loc[last.index]
    np.testing.assert_allclose(last["surplus_days"], own, atol=1e-12)
    assert result.biographies["drawn_forward"].max() > 0.0
