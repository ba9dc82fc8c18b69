"""After warming up nothing compiles any more: no scenario, brand, strategy or number of threads asks for another variant."""

from __future__ import annotations

import json
import subprocess
import sys

SCRIPT = """
import json, sys
from sim.compiled import Entry, warm_up
warm_up()
from numba.core.dispatcher import Dispatcher
from experiments import load
from sim import simulate

def variants():
    modules = [module for name, module in sys.modules.items() if name.split(".")[0] == "sim"]
    return {
        f"{module.__name__}.{name}": len(value.signatures)
        for module in modules for name, value in vars(module).items() if isinstance(value, (Dispatcher, Entry))
    }

before = variants()
for arm in ("kill_pig", "fish_raising", "no_community"):
    simulate(load(f"strategy={arm}", "population.size=250", "horizon_days=35"))
    simulate(load(f"strategy={arm}", "population.size=250", "horizon_days=15", "brand=apparel"), threads=2, backwards=True)
after = variants()
print(json.dumps({name: [before.get(name), count] for name, count in after.items() if before.get(name) != count}))
"""


def test_nothing_compiles_after_warming_up() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=300)
    assert json.loads(done.stdout.splitlines()[-1]) == {}
