"""Compare the evidence with the committed table, or write it anew on purpose: ``python -m tests.evidence [refresh] [rows=[NAME]]``.

The table says that results changed, never that they are right. Update it in the commit that changes the model, and say there why it moved.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pandas as pd

from experiments.command import main
from tests.evidence.tracked import REFRESH, TABLE, moved, read, refreshed, tracked


def run(words: list[str]) -> pd.DataFrame | None:
    """Return what the rows that are asked for give in the quick size; None where a run raised."""
    with tempfile.TemporaryDirectory() as folder:
        code = main(["validate", *words, "size=quick", "seed=1", f"out={folder}"])
        return None if code else read(Path(folder) / TABLE.name)


if __name__ == "__main__":
    words = sys.argv[1:]
    writes = words[:1] == ["refresh"]
    now = run(words[1:] if writes else words)
    if now is None:
        sys.exit("not every run went through: nothing is compared or written")
    if writes:
        # Of rows that were renamed or removed nothing is kept where all are tried.
        table = refreshed(now, tracked()) if any(word.startswith("rows=") for word in words) else now
        table.to_csv(TABLE, index=False, float_format="%.6g", lineterminator="\n")
        sys.stdout.write(f"wrote {TABLE.name}: commit it with the change that moved it, and say why\n")
    elif lines := moved(now, tracked()):
        sys.exit("\n".join(["the evidence moved:", *lines, REFRESH]))
    else:
        sys.stdout.write("the evidence is as tracked\n")
