"""The event queue of a group: a binary heap with one entry a person, their next event, ordered by (time, person key).

Entry ``i`` of group ``g`` is ``queue_time[g, i]``, ``queue_person[g, i]``; the place ``i`` of each person is known, so an event can be
moved without leaving stale entries behind, and the queue never holds more entries than people. Places are an array of their own, not a
field of the person: every move shifts some eight people, and their records would have to come from memory for it.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled

ONE, BELOW = np.uint64(1), np.uint64(2)


@compiled
def comes_first(world, person_a, person_b):
    """Return whether of two people with events of the same time person a comes first."""
    return world.people[person_a].key < world.people[person_b].key


@compiled
def earlier(world, time_a, person_a, time_b, person_b):
    """Return whether event a comes before event b: by time, then by key of the person."""
    if time_a != time_b:
        return time_a < time_b
    return comes_first(world, person_a, person_b)


@compiled
def sift_up(world, group, place, time, person):
    """Put the event at its place towards the top."""
    times = world.queue_time[group]
    persons = world.queue_person[group]
    places = world.places
    while place > 0:
        parent = (place - 1) >> 1
        if not earlier(world, time, person, times[parent], persons[parent]):
            break
        times[place] = times[parent]
        persons[place] = persons[parent]
        places[persons[place]] = place
        place = parent
    times[place] = time
    persons[place] = person
    places[person] = place


@compiled
def sift_down(world, group, size, place, time, person):
    """Put the event at its place towards the bottom."""
    times = world.queue_time[group]
    persons = world.queue_person[group]
    places = world.places
    # Without a sign: an index that could be negative would be looked at for it, which lengthens the way from parent to child.
    place = np.uint64(place)
    size = np.uint64(size)
    while True:
        child = BELOW * place + ONE
        if child >= size:
            break
        first = times[child]
        if child + ONE < size:
            # Added, not branched on: which of two children comes first is a toss that no processor guesses.
            other = times[child + ONE]
            further = other < first
            if other == first:
                further = comes_first(world, persons[child + ONE], persons[child])
            first = min(first, other)
            child += np.uint64(further)
        if first > time or (first == time and not comes_first(world, persons[child], person)):
            break
        moved = persons[child]
        times[place] = first
        persons[place] = moved
        places[np.uint64(moved)] = place
        place = child
    times[place] = time
    persons[place] = person
    places[person] = place


@compiled
def bring_forward(world, group, place, time):
    """Let the event at a place of the queue happen by a time. Until the queue is rebuilt, it is in no order."""
    person = world.people[world.queue_person[group, place]]
    person.next_h = min(person.next_h, time)
    world.queue_time[group, place] = person.next_h


@compiled
def rebuild(world, group):
    """Put a queue in order again after many of its events moved."""
    size = world.groups[group].queued
    for place in range(size // 2 - 1, -1, -1):
        sift_down(world, group, size, place, world.queue_time[group, place], world.queue_person[group, place])


@compiled
def push(world, group, person):
    """Add a person's next event; the queue must have room."""
    size = world.groups[group].queued
    world.groups[group].queued = size + 1
    sift_up(world, group, size, world.people[person].next_h, person)


@compiled
def move(world, group, person):
    """Move a person's event after its time changed."""
    place = world.places[person]
    time = world.people[person].next_h
    if time < world.queue_time[group, place]:
        sift_up(world, group, place, time, person)
    else:
        sift_down(world, group, world.groups[group].queued, place, time, person)


@compiled
def remove(world, group, person):
    """Take a person out of the queue."""
    size = world.groups[group].queued - 1
    world.groups[group].queued = size
    place = world.places[person]
    if place == size:
        return
    last = world.queue_person[group, size]
    time = world.people[last].next_h
    if place > 0 and earlier(world, time, last, world.queue_time[group, (place - 1) >> 1], world.queue_person[group, (place - 1) >> 1]):
        sift_up(world, group, place, time, last)
    else:
        sift_down(world, group, size, place, time, last)
