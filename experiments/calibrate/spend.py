"""What customers spend: products with a price each, and the units of an order, so that orders cost on average what they did.

The simulator buys whole units, one at least, of one product an order; units vary between people and, as for all brands, within one
person's orders. Prices of a product do not vary.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FittedProduct", "Spend", "expected_units", "spend_of"]

Numbers = NDArray[np.float64]

_MOST_PRODUCTS = 12
#: Where orders name no product: thirds of them, by the price of a unit, or by amount where units are not known either.
_PRICES, _SIZES = ("low_price", "middle_price", "high_price"), ("small_order", "usual_order", "large_order")
_ROLES = ("entry", "hero", "premium")
_DRAWS = 200_000
#: Of one person's orders, behaviour.buying.units_shape: it belongs to all brands.
_LEAST_SHAPE, _MOST_SHAPE = 0.2, 1e6


@dataclass(frozen=True)
class FittedProduct:
    """A product.

    Attributes
    ----------
    name
        As the data call it; empty for the rest of many.
    role
        entry, hero or premium, by its price.
    price
        Of a unit, in the currency of the data.
    share
        Of the orders.
    """

    name: str
    role: str
    price: float
    share: float


@dataclass(frozen=True)
class Spend:
    """Products, and the units of an order.

    Attributes
    ----------
    products
        What is bought.
    units_mean, units_shape
        As the keys of brand.need.
    return_rate
        Share of orders of which something was paid back; None where the data do not tell.
    named
        Whether the data name products.
    """

    products: tuple[FittedProduct, ...]
    units_mean: float
    units_shape: float
    return_rate: float | None
    named: bool


def expected_units(mean: float, between: float, within: float) -> float:
    """Return the mean of whole units, one at least, of an order whose units are gamma around a gamma mean, each of the given shape."""
    random = np.random.default_rng(7)  # the same numbers for every mean, so that a search over means is smooth
    amount = mean * random.gamma(between, 1 / between, _DRAWS) * random.gamma(within, 1 / within, _DRAWS)
    # Rounded up with the probability of the part of a unit: exact in the mean, but below one unit, which becomes one.
    return float(np.maximum(amount, 1.0).mean())


def spend_of(orders: pd.DataFrame, within: float) -> Spend:
    """Fit what orders cost.

    Parameters
    ----------
    orders
        Member, amount, discount, refund (fen), product and units.
    within
        Shape of units across one person's orders.
    """
    paid = orders[orders["amount"] > 0]
    paid = orders if paid.empty else paid
    units = paid["units"].fillna(1.0)
    listed = (paid["amount"] + paid["discount"].fillna(0.0)) / 100.0
    named = bool((paid["product"] != "").any())
    counted = bool(paid["units"].notna().any())
    shape = _between(paid["member"], units if counted else listed / listed.mean())
    mean = _mean_of_units(float(units.mean()), shape, within) if counted else 1.3
    bought = expected_units(mean, shape, within)
    each = listed / units if counted else listed / bought
    groups = _products(paid["product"], each, _PRICES if counted else _SIZES).to_numpy()
    shares = each.groupby(groups).size() / len(paid)
    prices = listed.groupby(groups).sum() / units.groupby(groups).sum() if counted else each.groupby(groups).mean()
    # Units of the model do not depend on the product. Where those of the data do, all prices give way a little, so that an order costs on
    # average what it did.
    ordered = (prices * float(listed.mean()) / (float((shares * prices).sum()) * bought)).sort_values(kind="stable")
    products = tuple(
        FittedProduct(str(name), _role(place, len(ordered)), max(0.01, round(float(ordered[name]), 2)), round(float(shares[name]), 4))
        for place, name in enumerate(ordered.index)
    )
    returned = float((orders["refund"].fillna(0.0) > 0).mean()) if orders["refund"].notna().any() else None
    return Spend(products, round(mean, 3), round(shape, 3), returned, named)


def _products(names: pd.Series[str], prices: pd.Series[float], thirds: tuple[str, str, str]) -> pd.Series[str]:
    """Name the product of each order: the most frequent ones, and the rest together; without any names, thirds by price."""
    import pandas as pd

    if not (names != "").any():
        places = np.minimum(2, (prices.rank(method="first").to_numpy() - 1) * 3 // len(prices)).astype(int)
        return pd.Series([thirds[place] for place in places], prices.index)
    frequent = names[names != ""].value_counts().index[: _MOST_PRODUCTS - 1]
    return names.where(names.isin(frequent), "")


def _role(place: int, many: int) -> str:
    """Give a role by the rank of the price: a plan that names a role has to find one wherever there are three products."""
    return "hero" if many == 1 else _ROLES[min(2, place * 3 // many)]


def _between(members: pd.Series[str], values: pd.Series[float]) -> float:
    """Return the gamma shape of people's means: 1 / squared coefficient of variation, by analysis of variance."""
    groups = values.groupby(members.to_numpy())
    sizes, means = groups.size(), groups.mean()
    total, people = len(values), len(sizes)
    if people < 2 or total <= people:
        return _MOST_SHAPE
    grand = float(values.mean())
    inside = float(((values - groups.transform("mean")) ** 2).sum()) / (total - people)
    outside = float((sizes * (means - grand) ** 2).sum()) / (people - 1)
    size = (total - float((sizes**2).sum()) / total) / (people - 1)
    variance = (outside - inside) / size
    return float(np.clip(grand**2 / variance if variance > 0 else _MOST_SHAPE, _LEAST_SHAPE, _MOST_SHAPE))


def _mean_of_units(wanted: float, shape: float, within: float) -> float:
    """Return the parameter with which orders have the wanted mean number of units; at least 1, as the model takes it."""
    from scipy import optimize

    if expected_units(1.0, shape, within) >= wanted:
        return 1.0
    return float(optimize.brentq(lambda mean: expected_units(mean, shape, within) - wanted, 1.0, wanted, xtol=1e-4))
