"""People come in, are moved to another group or taken out of theirs, and their ties hear of it."""

from __future__ import annotations

from sim import heap, population, tracing
from sim.arriving import join
from sim.behaviour import contagion, sessions, ties
from sim.borrow import lend
from sim.codes import MOVE, MOVES_IN, MOVES_OUT, PRUNED, PRUNES
from sim.compiled import compiled, entry
from sim.rates import fix_rates, plan_next, spend_time


@entry
@compiled
def introduce(world, first, newcomers, weights):
    """Draw people who come in into the places from ``first`` on, and tie them to who invited them."""
    lent = lend(world)
    population.draw_people(lent.people, first, newcomers, lent.parameters, weights)
    for index in range(first, first + newcomers.size):
        inviter = lent.people[index].inviter
        if inviter >= 0:
            lent.people[inviter].referred += 1
            ties.meet(lent.people, index, inviter, lent.parameters[0].ties.inviter_strength)


@entry
@compiled
def spread_news(world, many):
    """Tell people elsewhere which of their ties have left a group, once."""
    lent = lend(world)
    for index in range(many):
        person = lent.people[index]
        if person.ever_member and not person.member and not person.missed:
            person.missed = True
            contagion.tell(lent.people, index, lent.parameters[0], True)


@compiled
def transfer(world, log, index, g, now):
    """Move a member to another group, whose queue has room, or out of theirs (-1). Everybody must be caught up.

    Clocks go on: the time so far is spent at the rates that held, and rates are fixed anew where they are now. What the old feed holds
    is left behind. Who is removed is missed by their ties as somebody who left.
    """
    lent = lend(world)
    lent_log = lend(log)
    person = lent.people[index]
    p = lent.parameters[0]
    old = lent.groups[person.group]
    if person.traced:
        tracing.begin(lent_log, person, MOVE, now)
    spend_time(person, old, p, now)
    old.members -= 1
    if g < 0:
        person.member = False
        person.left_h = now
        person.left_cause = PRUNED
        old.counters[PRUNES] += 1
        contagion.tell(lent.people, index, p, False)
        ties.go_away(lent.people, index)
        fix_rates(person, old, p, now)
        plan_next(person, now)
        heap.move(lent, person.group, index)
    else:
        heap.remove(lent, person.group, index)
        old.counters[MOVES_OUT] += 1
        new = lent.groups[g]
        ties.go_away(lent.people, index)
        person.group = g
        ties.look_around(lent.people, index)
        person.read_sequence = new.sequence
        new.members += 1
        new.counters[MOVES_IN] += 1
        fix_rates(person, new, p, now)
        plan_next(person, now)
        heap.push(lent, g, index)
    if person.traced:
        tracing.end(lent_log, person)


@compiled
def enter(world, log, index, g, now):
    """Let somebody who was never in a group join one, whose queue has room. Everybody must be caught up."""
    lent = lend(world)
    lent_log = lend(log)
    person = lent.people[index]
    p = lent.parameters[0]
    if person.traced:
        tracing.begin(lent_log, person, MOVE, now)
    spend_time(person, lent.groups[person.group], p, now)
    heap.remove(lent, person.group, index)
    person.group = g
    sessions.wake(person, lent.profile, p, now)
    join(lent, index, now)
    fix_rates(person, lent.groups[g], p, now)
    plan_next(person, now)
    heap.push(lent, g, index)
    if person.traced:
        tracing.end(lent_log, person)
