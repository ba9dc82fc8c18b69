"""`fishpond` with the toy simulator, for tests in processes of their own: python -m ... TREE COMMAND ..."""

from __future__ import annotations

import sys
from pathlib import Path

from experiments.command import main
from tests.experiments.fake_world import FakeSimulator

if __name__ == "__main__":
    sys.exit(main(sys.argv[2:], FakeSimulator(Path(sys.argv[1]))))
