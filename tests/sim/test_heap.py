"""The event queue against Python's heapq, under random pushes, moves and removals."""

from __future__ import annotations

import heapq

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim import heap
from sim.encode import parameter_record, product_table, week_profile
from sim.randomness import run_key
from sim.world import NEVER, World, new_world
from tests.sim.worlds import build, null_tree

PEOPLE = 24
GROUP = 1
SCENARIO = build(null_tree())
# Few different times, so that ties are common; and never.
hours = st.sampled_from([0.0, 1.0, 2.0, 3.0, 3.5, NEVER])
steps = st.lists(st.tuples(st.sampled_from(["push", "move", "remove"]), st.integers(0, PEOPLE - 1), hours), max_size=80)


def empty_world() -> World:
    """Return a world of people whose keys have nothing to do with their places."""
    world = new_world(
        PEOPLE, 3, PEOPLE, parameter_record(SCENARIO, run_key(0, 0)), product_table(SCENARIO.brand), week_profile(SCENARIO.market)
    )
    world.people["key"] = np.random.default_rng(1).permutation(2**63 + np.arange(PEOPLE, dtype=np.uint64))
    return world


def check(world: World, model: dict[int, float]) -> None:
    """Check that the queue holds what the model does, in heap order, and that everybody knows their place."""
    size = int(world.groups[GROUP]["queued"])
    assert size == len(model)
    keys = world.people["key"]
    for place in range(size):
        person = int(world.queue_person[GROUP, place])
        assert world.places[person] == place
        assert world.queue_time[GROUP, place] == model[person]
        if place:
            parent = int(world.queue_person[GROUP, (place - 1) // 2])
            assert (model[parent], keys[parent]) < (model[person], keys[person])
    assert not world.groups["queued"][[0, 2]].any()


@given(steps)
def test_the_queue_keeps_order_and_places(actions: list[tuple[str, int, float]]) -> None:
    world, model = empty_world(), dict[int, float]()
    for action, person, hour in actions:
        if action == "push" and person not in model:
            world.people[person]["next_h"] = model[person] = hour
            heap.push(world, GROUP, person)
        elif action == "move" and person in model:
            world.people[person]["next_h"] = model[person] = hour
            heap.move(world, GROUP, person)
        elif action == "remove" and person in model:
            del model[person]
            heap.remove(world, GROUP, person)
        check(world, model)
    expected = [(hour, int(world.people[person]["key"]), person) for person, hour in model.items()]
    heapq.heapify(expected)
    popped = []
    while model:
        person = int(world.queue_person[GROUP, 0])
        popped.append(person)
        heap.remove(world, GROUP, person)
        del model[person]
        check(world, model)
    assert popped == [heapq.heappop(expected)[2] for _ in range(len(expected))]


@given(st.lists(hours, min_size=PEOPLE, max_size=PEOPLE), st.lists(hours, min_size=PEOPLE, max_size=PEOPLE))
def test_rebuilding_after_many_events_were_brought_forward(before: list[float], by: list[float]) -> None:
    world = empty_world()
    for person, hour in enumerate(before):
        world.people[person]["next_h"] = hour
        heap.push(world, GROUP, person)
    for place in range(PEOPLE):
        heap.bring_forward(world, GROUP, place, by[world.queue_person[GROUP, place]])
    heap.rebuild(world, GROUP)
    soonest = [min(hours) for hours in zip(before, by, strict=True)]
    assert world.people["next_h"][:PEOPLE].tolist() == soonest
    check(world, dict(enumerate(soonest)))


def test_removing_from_full_queues() -> None:
    # The last entry takes the place of the one that goes; if that lies under another branch, it may have to rise.
    random = np.random.default_rng(3)
    for _ in range(100):
        world, model = empty_world(), dict[int, float]()
        for person in range(PEOPLE):
            world.people[person]["next_h"] = model[person] = float(random.random())
            heap.push(world, GROUP, person)
        for person in random.permutation(PEOPLE):
            heap.remove(world, GROUP, int(person))
            del model[int(person)]
            check(world, model)
