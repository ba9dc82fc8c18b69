"""The brand that was fitted, as values of a scenario and as a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from experiments.calibrate.bg_nbd import NAMES, Need
from experiments.calibrate.spend import Spend
from experiments.composition import USER_FOLDER
from experiments.errors import UserError

__all__ = ["as_text", "brand_values", "free_path"]

_WIDTH = 140
_WORD = re.compile(r"\W+")
_OTHERS = "others"

_HEAD = """\
# Fitted by fishpond calibrate to {customers:,} customers and {repeats:,} repeat purchases, weeks 1 to {weeks} from {start}.
# From the data: need (BG/NBD, maximum likelihood), units, prices and shares of products, amounts in {currency} taken for yuan.
# Not from the data, but those of the brand {like}, to be replaced by your own: topics, columns, channels, shop, wage, and of products
# cost_yuan (the same share of the price), storable, use_days{returns}. Each product is a need of its own (beyond eight, those bought least
# are one, `category: others`): give those that stand in for each other one `category`.
"""


def brand_values(like: Mapping[str, Any], need: Need, spend: Spend, name: str) -> dict[str, Any]:
    """Return the brand.

    Parameters
    ----------
    like
        Values of the brand that has what data do not tell.
    need
        Fitted need.
    spend
        Fitted products and units.
    name
        Of the brand.
    """
    models = list(like["products"].values())
    cost_share = sum(model["cost_yuan"] / model["list_yuan"] for model in models) / len(models)
    products: dict[str, Any] = {}
    others = _others(spend)
    for place, fitted in enumerate(spend.products, start=1):
        model = next((model for model in models if model["role"] == fitted.role), models[0])
        key = _key(fitted.name, place, products)
        # Without topics a product suits everybody alike, so that shares stay those of the data.
        products[key] = {
            "role": fitted.role,
            **({"category": _OTHERS} if fitted.name in others else {}),
            "list_yuan": fitted.price,
            "cost_yuan": round(cost_share * fitted.price, 2),
            "share": fitted.share,
            **{field: model[field] for field in ("storable", "use_days") if field in model},
            "return_rate": round(model.get("return_rate", 0.03) if spend.return_rate is None else spend.return_rate, 4),
        }
    fitted_need = {parameter: float(f"{getattr(need, parameter):.6g}") for parameter in NAMES}
    return {
        **like,
        "name": name,
        "description": f"fitted to its own orders; the rest as {like['name']}",
        "products": products,
        "need": {**fitted_need, "units_mean": spend.units_mean, "units_shape": spend.units_shape},
    }


def _others(spend: Spend) -> set[str]:
    """Return the products that share a category, as orders do not tell which serve the same need: those bought least, if there are many."""
    from sim.codes import CATEGORIES

    by_share = sorted(spend.products, key=lambda product: -product.share)
    return {product.name for product in by_share[CATEGORIES - 1 :]} if len(by_share) > CATEGORIES else set()


def _key(name: str, place: int, taken: Mapping[str, Any]) -> str:
    """Return a key that Hydra's grammar takes as a word."""
    key = _WORD.sub("_", name).strip("_")[:40]
    key = key if key and not key[0].isdigit() and key.lower() not in ("null", "true", "false", "inf", "nan") else f"product_{key or place}"
    return key if key not in taken else f"{key}_{place}"


def as_text(brand: Mapping[str, Any], spend: Spend, facts: Mapping[str, Any]) -> str:
    """Write the file of the brand; `facts` fill its head."""
    head = _HEAD.format(**facts, returns=", return_rate" if spend.return_rate is None else "")
    return head + yaml.safe_dump(dict(brand), sort_keys=False, allow_unicode=True, default_flow_style=None, width=_WIDTH)


def free_path(name: str, configs: Path) -> Path:
    """Return where the brand goes in the current folder.

    Raises
    ------
    UserError
        When there is such a brand already: no file is overwritten.
    """
    path = Path(USER_FOLDER) / "brand" / f"{name}.yaml"
    if (configs / "brand" / path.name).exists():
        raise UserError(f"name: got '{name}', a brand of fishpond's own; it takes another name")
    if path.exists() or path.is_symlink():
        raise UserError(f"name: got '{name}', and {path.as_posix()} is there already; it takes another name (no file is overwritten)")
    return path
