"""The fit: need by maximum likelihood with its posterior, spend, and the brand that comes of them."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.calibrate.bg_nbd import BOUNDS, NAMES, Likelihood, Need, fit
from experiments.calibrate.histories import Histories, Numbers, histories_of
from experiments.calibrate.posterior import Draws, sample
from experiments.calibrate.request import Request
from experiments.calibrate.spend import Spend, spend_of
from experiments.errors import UserError

if TYPE_CHECKING:
    from experiments.brand_data.reading import BrandData

__all__ = ["LEAST_CUSTOMERS", "LEAST_REPEATS", "PRIOR_SD", "Fitted", "fitted_to", "posterior_of"]

#: Fewer tell nothing of four parameters.
LEAST_CUSTOMERS, LEAST_REPEATS = 50, 20
#: Of the logarithm of each parameter, around 0: from 1/350 to 350 with 95 %.
PRIOR_SD = 3.0


@dataclass(frozen=True)
class Fitted:
    """What came of the data.

    Attributes
    ----------
    data
        Histories of the customers.
    need
        Of maximum likelihood.
    draws
        Of the posterior: chain, draw, the four parameters, log_density.
    table
        A row a parameter: maximum likelihood, mean, median and 95 % of the posterior, R-hat, effective draws.
    spend
        Products and units.
    currency
        For readers.
    """

    data: Histories
    need: Need
    draws: pd.DataFrame
    table: pd.DataFrame
    spend: Spend
    currency: str

    @property
    def fitted(self) -> dict[str, float]:
        """The four parameters of maximum likelihood, by name."""
        return dict(zip(NAMES, astuple(self.need), strict=True))

    def needs(self, many: int) -> list[Need]:
        """Return so many draws, spread over the chains."""
        places = np.linspace(0, len(self.draws) - 1, many).round().astype(int)
        return [Need(*(float(value) for value in row)) for row in self.draws[list(NAMES)].to_numpy()[places]]

    def doubts(self) -> list[str]:
        """Return sentences about what the fit cannot tell."""
        at_the_end = [name for name, value in self.fitted.items() if not BOUNDS[0] * 1.01 < value < BOUNDS[1] * 0.99]
        said = [f"{name} is at the end of what is looked for: the data do not tell it" for name in at_the_end]
        if float(self.table["r_hat"].max()) > 1.05:
            said.append("the chains of the posterior do not agree (R-hat above 1.05): read its intervals as too narrow")
        return said


def fitted_to(data: BrandData, request: Request, within: float) -> Fitted:
    """Fit a brand.

    Parameters
    ----------
    data
        With orders.
    request
        What was asked for.
    within
        Shape of units across one person's orders, a parameter that all brands share.

    Raises
    ------
    UserError
        When there are too few orders.
    """
    orders = data.tables.get("orders")
    if orders is None:
        raise UserError(f"data: {data.folder} has no orders.csv; calibrate fits need and spend to orders")
    if orders.empty:
        raise UserError("data: orders.csv has no order")
    valued = orders.assign(amount=orders["amount"] + orders["discount"].fillna(0.0))
    found = histories_of(valued, request.fit_weeks, by_day=request.purchase == "day")
    _check(found, request)
    repeats = found.repeats(0, found.fit_weeks)
    likelihood = Likelihood(repeats, found.recency_weeks(), found.observed_weeks(found.fit_weeks))
    need = fit(likelihood)

    drawn = posterior_of(likelihood, need, int(repeats.sum()), request.seed)
    values = np.exp(drawn.flat)
    chains, length, _ = drawn.values.shape
    draws = pd.DataFrame({"chain": np.repeat(np.arange(chains), length), "draw": np.tile(np.arange(length), chains)})
    draws = draws.join(pd.DataFrame(values, columns=list(NAMES))).assign(log_density=drawn.log_density.ravel())
    low, middle, high = np.quantile(values, [0.025, 0.5, 0.975], axis=0)
    table = pd.DataFrame(
        {"parameter": list(NAMES), "maximum_likelihood": astuple(need), "mean": values.mean(axis=0), "median": middle}
        | {"low": low, "high": high, "r_hat": drawn.r_hat(), "effective_draws": drawn.effective()}
    )
    return Fitted(found, need, draws, table, spend_of(_repeats(orders, found), within), request.currency)


def posterior_of(likelihood: Likelihood, need: Need, repeats: int, seed: int) -> Draws:
    """Draw the logarithms of the parameters of need from their posterior.

    Parameters
    ----------
    likelihood
        Of the histories.
    need
        Of maximum likelihood, around which the chains begin.
    repeats
        Repeat purchases: the more, the shorter the first steps.
    seed
        Of the random numbers.
    """

    def density(logs: Numbers) -> Numbers:
        return np.asarray(likelihood(logs) - 0.5 * ((logs / PRIOR_SD) ** 2).sum(axis=1))

    return sample(density, np.clip(need.logs, -2 * PRIOR_SD, 2 * PRIOR_SD), np.full(4, 1.0 / np.sqrt(max(repeats, 1))), seed)


def _repeats(orders: pd.DataFrame, found: Histories) -> pd.DataFrame:
    """Return the repeat purchases of the fitted weeks, each as one order: what is predicted may not be looked at.

    First purchases are left out, as is usual (Fader and Hardie 2013): they are often smaller, and need begins after them.
    """
    days = (orders["time"] - pd.Timestamp(found.start)).dt.total_seconds() / 86400.0
    table = orders.assign(day=np.floor(days) if found.lag_days else days)
    table = table[table["day"] < found.fit_weeks * 7].sort_values("amount", ascending=False, kind="stable")
    if found.lag_days:
        sums = {name: pd.NamedAgg(name, lambda values: values.sum(min_count=1)) for name in ("discount", "refund", "units")}
        table = table.groupby(["member", "day"]).agg(amount=("amount", "sum"), product=("product", "first"), **sums).reset_index()
    table = table.sort_values(["member", "day"], kind="stable")
    return table[table["member"].duplicated()]


def _check(found: Histories, request: Request) -> None:
    if request.fit_weeks and request.fit_weeks > found.weeks:
        raise UserError(f"fit_weeks: got {request.fit_weeks}; weeks of orders there are: {found.weeks}; it takes as many at most")
    repeats = int(found.repeats(0, found.fit_weeks).sum())
    if found.size < LEAST_CUSTOMERS or repeats < LEAST_REPEATS:
        raise UserError(
            f"data: weeks 1 to {found.fit_weeks} have {found.size} customers with {repeats} repeat purchases; "
            f"a fit takes {LEAST_CUSTOMERS} customers and {LEAST_REPEATS} repeat purchases at least"
        )
