"""When items of a strategy fall due: those of the programme, and those of the phases of campaigns, round by round."""

from __future__ import annotations

from collections.abc import Mapping

from sim.brand.strategy import Planned, Strategy
from sim.clock import Occurrence

#: Occurrences of a round have numbers from so many times its own on.
ROUND = 1_000_000
Festivals = Mapping[str, tuple[int, ...]]


def occurrences(strategy: Strategy, planned: Planned, begins_h: float, ends_h: float, festivals: Festivals) -> list[Occurrence]:
    """Return the occasions of an item within the time of its strategy, in hours of the simulation.

    Weekdays and festivals are those of the calendar, which goes on from a history; days are counted from where the strategy begins, or the
    phase of the item. A step of a journey has none: journeys look for their occasions themselves.
    """
    if planned.phase is None:
        return planned.action.occasions(begins_h, ends_h, festivals)
    campaign = strategy.campaigns[planned.owner]
    lead_h = 24.0 * sum(campaign.phases[name].days for name in list(campaign.phases)[: list(campaign.phases).index(planned.phase)])
    length_h = 24.0 * campaign.phases[planned.phase].days + planned.action.after_the_end_h()
    return [
        Occurrence(occurrence.hour, ROUND * nth + occurrence.index)
        for nth, round_h in enumerate(campaign.begins(ends_h, begins_h, festivals), start=1)
        for occurrence in planned.action.occasions(round_h + lead_h, min(ends_h, round_h + lead_h + length_h), festivals)
    ]
