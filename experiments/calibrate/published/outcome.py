"""What the calibration tells, as tables: parameters and what the facts tell of them, facts, draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.calibrate.published.block import BlockFit
from experiments.calibrate.published.centre import Centre
from experiments.validate.row import Check

__all__ = ["DISTANCE", "NARROWED", "PINNED", "Calibration"]

Numbers = NDArray[np.float64]

#: Columns of the draws that are no parameters begin so.
DISTANCE = "distance "
#: A parameter is pinned down where its posterior has less than so much of the prior's standard deviation, narrowed below the other.
PINNED, NARROWED = 0.5, 0.85
_PRIOR_SD = 1.0 / np.sqrt(12.0)


@dataclass(frozen=True)
class Calibration:
    """Everything that was found.

    Attributes
    ----------
    fits, centres
        By block.
    joint
        By row, as `validate size=full` judges it with all centres together.
    draws
        Column by key of a parameter, then the distance that is expected of each fact, in half widths of its tolerance.
    """

    fits: Sequence[BlockFit]
    centres: Sequence[Centre]
    joint: Mapping[str, Sequence[Check]]
    draws: pd.DataFrame

    @classmethod
    def of(
        cls, fits: Sequence[BlockFit], centres: Sequence[Centre], joint: Mapping[str, Sequence[Check]], many: int, seed: int
    ) -> Calibration:
        """Draw so many sets of parameters; blocks have nothing to do with each other, so their draws are put together at random."""
        random = np.random.default_rng([seed, many])
        columns: dict[str, Numbers] = {}
        distances: dict[str, Numbers] = {}
        for fit in fits:
            points = random.permutation(fit.cube)[:many]
            columns |= {own.key: np.array([own.prior.at(share) for share in points[:, place]]) for place, own in enumerate(fit.block.free)}
            found = fit.distances(points)
            distances |= {f"{DISTANCE}{fact.label}": found[:, place] for place, fact in enumerate(fit.facts)}
        return cls(fits, centres, joint, pd.DataFrame({**columns, **distances}))

    @property
    def values(self) -> dict[str, float]:
        """The centre, by key."""
        return {key: value for centre in self.centres for key, value in centre.values.items()}

    @property
    def passes(self) -> bool:
        """Whether all rows pass with the one set of parameters."""
        return all(check.verdict == "pass" for checks in self.joint.values() for check in checks)

    def parameters(self) -> pd.DataFrame:
        """Return `parameters.csv`: prior, centre, posterior, and how much of the prior's spread is left."""
        rows = []
        for fit in self.fits:
            shares = fit.cube.std(axis=0) / _PRIOR_SD
            r_hat, effective = fit.draws.r_hat(), fit.draws.effective()
            for place, own in enumerate(fit.block.free):
                draws = self.draws[own.key]
                low, middle, high = draws.quantile([0.025, 0.5, 0.975])
                left = float(shares[place])
                told = "pinned down" if left < PINNED else "narrowed" if left < NARROWED else "not told"
                rows.append(
                    {"key": own.key, "rows": " ".join(own.rows), "prior_low": own.prior.low, "prior_high": own.prior.high}
                    | {"prior_scale": own.prior.scale, "prior_reason": own.reason, "centre": self.values[own.key]}
                    | {"median": middle, "low": low, "high": high, "spread_left": left, "told": told}
                    | {"r_hat": r_hat[place], "effective_draws": effective[place]}
                )
        return pd.DataFrame(rows)

    def facts(self) -> pd.DataFrame:
        """Return `facts.csv`: published and simulated, at the centre and over the draws."""
        rows = []
        for fit in self.fits:
            for place, fact in enumerate(fit.facts):
                check = next(own for own in self.joint[fact.row] if own.name == fact.name)
                expected = self.draws[f"{DISTANCE}{fact.label}"]
                rows.append(
                    {"row": fact.row, "check": fact.name, "target": fact.target, "low": fact.low, "high": fact.high}
                    | {"simulated": check.simulated.mean, "interval_low": check.simulated.low, "interval_high": check.simulated.high}
                    | {"verdict": check.verdict, "draws_within": float((expected.abs() <= 1.0).mean())}
                    | {"emulator_surprise": fit.surprise[place], "run_sd": fit.emulators[place].luck * fact.half_width}
                )
        return pd.DataFrame(rows)

    def correlations(self) -> pd.DataFrame:
        """Return `correlations.csv`: of each pair of parameters of a block, the strongest first."""
        rows = []
        for fit in self.fits:
            found = np.atleast_2d(np.corrcoef(fit.cube.T))
            rows += [(fit.block.keys[one], fit.block.keys[other], found[one, other]) for one, other in combinations(range(len(found)), 2)]
        table = pd.DataFrame(rows, columns=["key", "other", "correlation"])
        return table.sort_values("correlation", key=np.abs, ascending=False, kind="stable", ignore_index=True)

    def runs(self) -> pd.DataFrame:
        """Return `runs.csv`: every point that was simulated, and what came out of one run."""
        tables = []
        for fit in self.fits:
            columns = {own.key: [own.prior.at(share) for share in fit.points[:, place]] for place, own in enumerate(fit.block.free)}
            tables.append(pd.DataFrame(columns | {fact.label: fit.values[:, place] for place, fact in enumerate(fit.facts)}))
        return pd.concat(tables, ignore_index=True)
