"""The queue of the service desk, compiled: who answers which question, and when.

Questions are served in the order in which they were asked (first come, first served), each by whoever can begin it first within their
hours of work: begun = min over people of the first working hour from max(asked, when they are free). This is the recursion of Kiefer and
Wolfowitz for several servers, so with Poisson questions, exponential conversations and an open desk the mean wait is that of Erlang C.
A conversation that was begun is finished, also after hours. Who would have to wait longer than members' patience gives up, and takes
nobody's time. How long a conversation takes is keyed by (person, question).

Source: EVIDENCE row 4; Kiefer and Wolfowitz 1955.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from sim import randomness
from sim.compiled import compiled
from sim.randomness import stream
from sim.requests import tick_after
from sim.world import NEVER

MINUTES = stream("desk.minutes")
ROBOT = stream("desk.robot")
#: Spread of conversations whose length is exponential.
EXPONENTIAL = -1.0

#: Somebody at the desk: when they are free again; from and until which hour of which weekdays (a bit each) they work.
PLACE = np.dtype([("free_h", "f8"), ("from_h", "f8"), ("until_h", "f8"), ("weekdays", "i8")], align=True)

#: What a desk does: length of conversations and its spread, share of the robot, and where in the list of scripts its two are.
DESK = np.dtype([("minutes", "f8"), ("sigma", "f8"), ("robot_share", "f8"), ("scripts", "i8")], align=True)

#: A question of a member, about an offer (-1: none), and how it is served: the member knows at ``due_h``. Who gives up waits without end.
#: ``overdue_h`` is what of the wait came after the desk's next hour of work.
CONVERSATION = np.dtype(
    [
        ("asked_h", "f8"),
        ("ended_h", "f8"),
        ("due_h", "f8"),
        ("waited_h", "f8"),
        ("overdue_h", "f8"),
        ("person", "i8"),
        ("about", "i8"),
        ("script", "i8"),
    ],
    align=True,
)


class Service(NamedTuple):
    """How a question is served: when the conversation begins and ends, by a robot or not. Who gives up has none that begins."""

    begun_h: float
    ended_h: float
    by_robot: bool


@compiled
def next_open(place, hour):
    """Return the first hour, from ``hour`` on, at which somebody is at work."""
    today = math.floor(hour / 24.0)
    for day in range(today, today + 8):
        start = day * 24.0
        if (place.weekdays >> (day % 7)) & 1 and hour < start + place.until_h:
            return max(hour, start + place.from_h)
    return NEVER


@compiled
def length_hours(desk, run, key, nth):
    """Return how long a person's nth conversation takes: the mean over all is the desk's."""
    if desk.sigma == EXPONENTIAL:
        return randomness.exponential(run, key, MINUTES, nth, 0) * desk.minutes / 60.0
    return math.exp(desk.sigma * (randomness.normal(run, key, MINUTES, nth, 0) - 0.5 * desk.sigma)) * desk.minutes / 60.0


@compiled
def overdue_hours(places, asked_h, begun_h):
    """Return how long a question waited once anybody was at work; one that a robot answered before, or nobody: 0, or without end."""
    if begun_h == NEVER:
        return NEVER
    due_h = begun_h
    for n in range(places.size):
        due_h = min(due_h, next_open(places[n], asked_h))
    return begun_h - due_h


@compiled
def serve(places, desk, run, key, nth, asked_h, patience_h):
    """Serve a person's nth question; questions must come in the order in which they were asked."""
    if desk.robot_share > 0.0 and randomness.uniform(run, key, ROBOT, nth, 0) < desk.robot_share:
        return Service(asked_h, asked_h, True)
    begun_h = NEVER
    who = -1
    for n in range(places.size):
        free_h = max(asked_h, places[n].free_h)
        if free_h < begun_h:
            earliest = next_open(places[n], free_h)
            if earliest < begun_h:
                begun_h = earliest
                who = n
    if begun_h - asked_h > patience_h:
        return Service(NEVER, asked_h + patience_h, False)
    places[who].free_h = begun_h + length_hours(desk, run, key, nth)
    return Service(begun_h, places[who].free_h, False)


@compiled
def serve_in_turn(places, desk, run, questions, patience_h, tick_minutes, tick, conversations):
    """Write how each question is served; the member knows at the first tick of the grid after the conversation, and not before ``tick``."""
    for n in range(questions.size):
        question = questions[n]
        service = serve(places, desk[0], run, question.key, question.nth, question.time_h, patience_h)
        talk = conversations[n]
        talk.asked_h = question.time_h
        talk.ended_h = service.ended_h
        talk.due_h = max(tick, tick_after(service.ended_h, tick_minutes))
        talk.waited_h = service.begun_h - question.time_h
        talk.overdue_h = overdue_hours(places, question.time_h, service.begun_h)
        talk.person = question.person
        talk.about = question.offer
        talk.script = desk[0].scripts + (1 if service.by_robot else 0)
