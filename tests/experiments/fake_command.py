"""`fishpond` with the toy simulator, for tests in processes of their own: python -m ... TREE COMMAND ..."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from experiments import store
from experiments.command import main
from tests.experiments.fake_world import FakeSimulator

if __name__ == "__main__":
    store._MOST_RUNS = int(os.environ.get("FAKE_MOST_RUNS", store._MOST_RUNS))
    sys.exit(main(sys.argv[2:], FakeSimulator(Path(sys.argv[1]))))
