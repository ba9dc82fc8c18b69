"""Run all benchmarks and print a table: ``python -m benchmarks`` (about a minute after the kernel is compiled)."""

from __future__ import annotations

import os
import sys

from benchmarks import agreement, beside_simpy, mechanisms, scaling
from sim.compiled import warm_up
from sim.world import PERSON


def line(what: str, value: str, note: str = "") -> None:
    print(f"{what:<46} {value:>16}  {note}".rstrip())


def main() -> int:
    print(f"{os.cpu_count()} cores; one thread is used. Ratios carry over to other machines, figures do not.\n")
    line("kernel ready after", f"{warm_up():.1f} s", "longer if it had to be compiled")
    speed = beside_simpy.measure()
    line("SimPy, a process a member, 10,000 members", f"{speed.plain:,.0f}/s", "sessions, event loop")
    line("kernel, 10,000 members", f"{speed.kernel:,.0f}/s", f"sessions, event loop; {speed.kernel_whole:,.0f}/s the whole call")
    line("a session in SimPy against one in the kernel", f"{speed.ratio:.0f} times", f"at least {beside_simpy.LEAST_RATIO:.0f}")
    cost = mechanisms.measure()
    line("kernel, first set of mechanisms alone", f"{cost.first_set:,.0f}/s", "sessions, event loop")
    line("kernel, every mechanism", f"{cost.everything:,.0f}/s", f"{cost.share:.2f} of it, at least {mechanisms.LEAST_SHARE}")
    found = scaling.measure()
    line("kernel, 10,000 members, in its own process", f"{found.small:,.0f}/s", f"{found.small_whole:,.0f}/s the whole call")
    line("kernel, 300,000 members, in its own process", f"{found.large:,.0f}/s", f"{found.large_whole:,.0f}/s the whole call")
    whole = f"at most {scaling.MOST_RATIO}; {found.whole_ratio:.2f} the whole call"
    line("cost of a session, 300,000 against 10,000", f"{found.ratio:.2f} times", whole)
    line("a member's record, queue, part of a group", f"{found.own_bytes:,.0f} bytes", f"of it the record {PERSON.itemsize}")
    line("a member, by the difference of peak memory", f"{found.peak_bytes:,.0f} bytes", "with room to grow, orders, and making tables")
    print("\nSimPy members against the kernel, 300 members, 5 days, 24 replications (99 % intervals of the difference, over all metrics):")
    rows = agreement.compare(300, 5.0, 24, 0.01)
    for row in rows:
        note = "agree" if row.agrees else "DIFFER"
        line(row.metric, f"{row.plain:,.3f}", f"kernel {row.kernel:,.3f}, difference {row.low:+.1%} to {row.high:+.1%}: {note}")
    fast = speed.ratio >= beside_simpy.LEAST_RATIO and found.ratio <= scaling.MOST_RATIO and cost.share >= mechanisms.LEAST_SHARE
    good = fast and all(row.agrees for row in rows)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
