"""What the brand invites members to: check-ins, quizzes, meetings, samples.

A call is put on the board and told like an offer; who has answered it is known when it is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim import adjusting, gathering
from sim.brand.actions import Due
from sim.brand.selling import Selling
from sim.ledger import Deed


class Gatherings(Selling):
    """Verbs for calls and what comes of them."""

    #: How often in a row people have taken part in successive occasions of an item, and whose stories it has told.
    streaks: dict[str, dict[int, int]]
    told: dict[str, set[int]]

    def open_call(self, due: Due, *, kind: str, pull: float, until_h: float, nearby: bool = False, outside: bool = False) -> int | None:
        """Put a call on the board until an hour, and return its number; none, and a refusal, if too many are open.

        ``outside`` makes it an invitation to people who were never in a group.
        """
        if not gathering.has_free_call(self.community):
            self.refuse(self.hour, due.item, kind, -1, "too many calls at once", 0.0)
            return None
        anything = next(iter(self.scenario.brand.products))
        return self.open_offer(due, product=anything, discount=0.0, hours=until_h - self.hour, pull=pull, in_shop=nearby, outside=outside)

    def close_call(self, due: Due, *, kind: str, offer: int) -> list[int]:
        """Close a call, and return the members who have taken part."""
        people = gathering.taken_part(self.community, offer)
        self._tell(due, kind, len(people), 0.0)
        return people

    def by_lot(self, due: Due, people: list[int]) -> list[int]:
        """Return people in an order drawn by lot."""
        return gathering.by_lot(self.community, people, self.key(due))

    def in_a_row(self, due: Due, people: list[int], every: int) -> list[int]:
        """Count who has taken part in successive occasions of an item, and return those who have done so ``every`` times, or twice that."""
        before = self.streaks.get(due.item, {})
        self.streaks[due.item] = {person: before.get(person, 0) + 1 for person in people}
        return [person for person, many in self.streaks[due.item].items() if many % every == 0]

    def give_coupons(self, people: list[int], *, yuan: float, hours: float) -> None:
        """Give people a coupon each, which costs when it is used."""
        for person in people:
            self.community.give_coupon(person, round(yuan * 100), hours, -1)

    def give_prizes(self, due: Due, people: list[int], *, kind: str, yuan: float) -> None:
        """Give people something worth a sum each, as far as the budget goes; who is left out is disappointed."""
        for person in people:
            if self.pay("gift_cost", yuan, due.item, kind, self.community.own_group(person), self.hour):
                self.community.please(person)
            else:
                self.community.disappoint(person)

    def hold_meeting(self, due: Due, people: list[int], *, capacity: int, yuan_each: float) -> None:
        """Let people meet: places are drawn by lot, who gets none is disappointed, and not all of the others come.

        Without the money for those who come nobody meets, and they are disappointed.
        """
        community = self.community
        drawn = self.by_lot(due, people)
        for person in drawn[capacity:]:
            community.disappoint(person)
        came = gathering.turn_up(community, drawn[:capacity], self.key(due))
        if came and self.pay("event_cost", yuan_each * len(came), due.item, "event", -1, self.hour):
            gathering.meet(community, came)
            self._tell(due, "meeting", len(came), yuan_each * len(came))
            return
        for person in came:
            community.disappoint(person)

    def best_members(self, due: Due, *, by: adjusting.Worth, at_least: float, most: int) -> list[int]:
        """Return the members who are worth most to the brand, of the groups that an item is for; everybody is caught up first."""
        self.community.catch_up(self.hour)
        ranked = adjusting.worth(self.community, self.reach(due), by)
        return [person for person, own in ranked if own >= at_least][:most]

    def next_story(self, due: Due, *, at_least: int, thanks_yuan: float) -> bool:
        """Thank the best customer whose story an item has not told yet; return whether there is one and the money for it."""
        told = self.told.setdefault(due.item, set())
        found = [
            person
            for person in self.best_members(due, by="orders", at_least=at_least, most=self.community.total.people)
            if person not in told
        ]
        if not found:
            self.refuse(self.hour, due.item, "case", -1, "no customer with a story", 0.0)
        elif self.pay("gift_cost", thanks_yuan, due.item, "case", self.community.own_group(found[0]), self.hour):
            told.add(found[0])
            self.community.please(found[0])
            return True
        return False

    def give_samples(self, due: Due, people: list[int], *, product: str, shipping_yuan: float) -> list[int]:
        """Give people a product each, as far as the budget goes, and return who has got it."""
        place = self.scenario.brand.product_index(product)
        yuan = list(self.scenario.brand.products.values())[place].cost_yuan + shipping_yuan
        given = []
        for person in people:
            if self.pay("gift_cost", yuan, due.item, "sample", self.community.own_group(person), self.hour):
                gathering.give_sample(self.community, person, place)
                given.append(person)
        self._tell(due, "sample", len(given), yuan * len(given))
        return given

    def write_about(self, due: Due, people: list[int], *, product: str, column: str, **values: Any) -> None:
        """Let those who want to write about what they were given do so, in their own group; everybody is caught up first."""
        self.community.catch_up(self.hour)
        for person in self._authors(due, people, product):
            key = self.community.world.people[person]["key"]
            group = self.community.own_group(person)
            spec = self.message(due, kind="koc", part=f"author {int(key):016x}", product=product, column=column, **values)
            self.publish(due, [(group, spec)], column)

    def _authors(self, due: Due, people: list[int], product: str) -> Iterator[int]:
        place, occasion = self.scenario.brand.product_index(product), self.key(due)
        return (person for person in people if gathering.writes_about(self.community, person, place, occasion))

    def _tell(self, due: Due, kind: str, people: int, yuan: float) -> None:
        self.ledger.deeds.append(Deed(self.hour, due.item, kind, -1, "done", "", yuan, people))
