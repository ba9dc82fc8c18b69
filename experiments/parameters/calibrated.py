"""Defaults that came of the calibration on published facts: the model's own notes know nothing of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import yaml

from experiments.parameters.rows import Row, written
from experiments.varying.draws import SHIPPED

__all__ = ["with_calibrated"]


def with_calibrated(rows: Sequence[Row], configs: Path) -> list[Row]:
    """Note of each parameter that has the calibrated default that it has, and which facts it was fitted to.

    Parameters
    ----------
    rows
        The parameters.
    configs
        The configuration tree, which holds centre and draws of the calibration; without draws there was none.
    """
    if not (configs / SHIPPED).is_file():
        return list(rows)
    import pyarrow.parquet as pq

    from experiments.calibrate.published.free import FREE

    drawn = set(pq.read_schema(configs / SHIPPED).names)
    tree = yaml.safe_load((configs / SHIPPED.parent / "default.yaml").read_text(encoding="utf-8")) or {}
    centre = {f"behaviour.{mechanism}.{name}": value for mechanism, values in tree.items() for name, value in values.items()}
    facts = {own.key: ", ".join(own.rows) for own in FREE if own.key in drawn & set(centre)}
    return [
        replace(row, default=row.value, changed=False, status="calibrated", source=f"calibrate target=published: {facts[row.key]}")
        if row.key in facts and row.value == written(centre[row.key])
        else row
        for row in rows
    ]
