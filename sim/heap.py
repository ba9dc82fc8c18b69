"""The event queue of a group: a binary heap with one entry a person, their next event, ordered by (time, person key).

Entry ``i`` of group ``g`` is ``queue_time[g, i]``, ``queue_person[g, i]``; the place ``i`` of each person is known, so an event can be
moved without leaving stale entries behind, and the queue never holds more entries than people. Places are an array of their own, not a
field of the person: every move shifts some eight people, and their records would have to come from memory for it.
"""

from __future__ import annotations

from sim.compiled import compiled


@compiled
def earlier(world, time_a, person_a, time_b, person_b):
    """Return whether event a comes before event b: by time, then by key of the person."""
    if time_a != time_b:
        return time_a < time_b
    return world.people[person_a].key < world.people[person_b].key


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
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size:
            # Added, not branched on: which of two children comes first is a toss that no processor guesses.
            child += earlier(world, times[child + 1], persons[child + 1], times[child], persons[child])
        if not earlier(world, times[child], persons[child], time, person):
            break
        times[place] = times[child]
        persons[place] = persons[child]
        places[persons[place]] = place
        place = child
    times[place] = time
    persons[place] = person
    places[person] = place


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
