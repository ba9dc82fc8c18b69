"""What happens to people outside of their sessions, and works on them at once: meetings, samples, thanks, broken promises."""

from __future__ import annotations

from sim.behaviour import habit, meeting, sampling, trust
from sim.borrow import lend
from sim.compiled import compiled, entry


@entry
@compiled
def experience(world, index, value):
    """Move a person's trust by what happened to them outside the groups, good above 0 and bad below."""
    lent = lend(world)
    trust.experience(lent.people[index], value, lent.parameters[0])


@compiled
def gather(world, circle):
    """Let people (by place) meet."""
    lent = lend(world)
    for place in range(circle.size):
        meeting.attend(lent.people[circle[place]], lent.parameters[0])
    meeting.get_acquainted(lent.people, circle, lent.parameters[0])


@compiled
def give_sample(world, index, product_index):
    """Give a person a product."""
    lent = lend(world)
    sampling.receive(lent.people[index], lent.products[product_index], lent.parameters[0])


@compiled
def writes_about(world, index, product_index, occasion):
    """Return whether a person writes about a sample."""
    lent = lend(world)
    return sampling.writes(lent.people[index], lent.products[product_index], occasion, lent.parameters[0])


@compiled
def break_promise(world, g, slot):
    """Let the members of a group feel that an occasion of a fixed slot was cancelled."""
    lent = lend(world)
    for place in range(lent.groups[g].queued):
        person = lent.people[lent.queue_person[g, place]]
        if person.member and person.arrived:
            habit.disappoint(person, slot, lent.parameters[0])
