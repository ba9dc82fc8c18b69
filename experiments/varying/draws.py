"""Worlds that are draws of a posterior, out of a file: what `calibrate` leaves, or a file of one's own."""

from __future__ import annotations

from pathlib import Path

from experiments.errors import UserError
from experiments.varying.keys import is_lever
from experiments.wording import got, listed

__all__ = ["POSTERIOR", "SHIPPED", "worlds_of"]

#: The name of fishpond's own, and where it is within the configuration.
POSTERIOR = "posterior"
SHIPPED = Path("behaviour") / "posterior.parquet"
#: Columns that begin so are about a draw, not of it.
_ABOUT = ("distance ",)


def worlds_of(asked: str, configs: Path, at: str, least: int) -> list[dict[str, float]]:
    """Read draws.

    Parameters
    ----------
    asked
        ``"posterior"`` for fishpond's own, or a Parquet file: a column a key of a scenario, a row a draw, in no order. Columns without a
        dot, and those of distances, are no keys.
    configs
        The configuration tree.
    at
        Key of the configuration that asks, for messages.
    least
        How many draws there must be.

    Returns
    -------
    list of dict
        From key to value, one a draw. They are in no order, so any of them are as good as others.

    Raises
    ------
    UserError
        When there is no such file, or it holds too few draws or none of keys of the world.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    own = asked == POSTERIOR
    path = configs / SHIPPED if own else Path(asked)
    if not path.is_file():
        made = "; fishpond calibrate target=published write=true makes it" if own else "; it takes posterior, or a Parquet file of draws"
        raise UserError(f"{at}: got {got(asked)}, and there is no file {path}{made}")
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException):
        raise UserError(f"{at}: got {got(asked)}, which cannot be read as a Parquet file") from None
    keys = [name for name in table.column_names if "." in name and not name.startswith(_ABOUT)]
    if not keys:
        raise UserError(
            f"{at}: got {got(asked)}, in which no column is a key such as behaviour.chat.novelty; it has {listed(table.column_names)}"
        )
    levers = [key for key in keys if is_lever(key)]
    UserError.raise_any(f"{at}: got {key} in {path}; the brand decides it: worlds vary in anything but the strategy" for key in levers)
    if table.num_rows < least:
        raise UserError(f"{at}: {path} has {table.num_rows} draws, and {least} are asked for; it takes as many at most")
    found: list[dict[str, float]] = table.select(keys).to_pylist()
    return found
