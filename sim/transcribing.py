"""Writing down what members say and which shares of red packets they claim; without room for it, nothing is.

It reads and never writes a person, a message or a packet, so it changes no result.
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.world import MOST_READ


@compiled
def is_full(log, most_lines):
    """Return whether the log has no room for what may come of one event: so many lines, and a claim for each message read."""
    if log.lines.size == 0:
        return False
    return log.counts[3] + most_lines > log.lines.size or log.counts[4] + MOST_READ > log.claims.size


@compiled
def write(log, person, index, message, parent, post, author):
    """Write down what a person (at a place) has just written, and what it answers."""
    if log.lines.size == 0:
        return
    line = log.lines[log.counts[3]]
    log.counts[3] += 1
    line.time_h = message.time_h
    line.key = message.key
    line.parent = parent
    line.thread = message.thread
    line.author_key = person.key
    line.nth = person.written
    line.person = index
    line.group = person.group
    line.depth = message.depth
    line.post = post
    line.author = author


@compiled
def claim(log, person, index, packet_number, fen, now):
    """Write down a claim."""
    if log.claims.size == 0:
        return
    record = log.claims[log.counts[4]]
    log.counts[4] += 1
    record.time_h = now
    record.key = person.key
    record.person = index
    record.packet = packet_number
    record.fen = fen
