"""The panel of a day: what has been counted in each group, and how its members are when the day ends."""

from __future__ import annotations

from sim.behaviour import fatigue
from sim.borrow import lend
from sim.compiled import compiled, entry

#: What stands for a group in the panel's row of people outside.
OUTSIDE = -1


@entry
@compiled
def close_day(world, day, many, now, rows):
    """Write the panel of a day that has ended, see :meth:`sim.ledger.Ledger.close_day`, and count anew; return how many rows it has.

    The state of members is added up as it is at ``now``, and not changed. The last row is that of people outside.
    """
    lent = lend(world)
    p = lent.parameters[0]
    written = 0
    for g in range(many):
        group = lent.groups[g]
        if group.street:
            continue
        row = rows[written]
        row[0] = day
        row[1] = g
        for place in range(group.queued):
            person = lent.people[lent.queue_person[g, place]]
            if person.member:
                row[2] += 1.0
                row[3] += 1.0 if person.last_session_h >= now - 168.0 else 0.0
                row[4] += fatigue.load_after(person, p, now - person.last_h)
                row[5] += person.trust
                row[6] += person.reference_price
        for kind in range(group.counters.size):
            row[7 + kind] = group.counters[kind]
            group.counters[kind] = 0
        written += 1
    row = rows[written]
    row[0] = day
    row[1] = OUTSIDE
    for g in range(many):
        group = lent.groups[g]
        for kind in range(group.outside.size):
            row[7 + kind] += group.outside[kind]
            group.outside[kind] = 0
    return written + 1
