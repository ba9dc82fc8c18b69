"""What the brand invites members to: check-ins, quizzes, meetings, samples. Verbs of the operator for actions of that sort.

A call is put on the board and told like an offer; who has answered it is known when it is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim import adjusting, gathering
from sim.ledger import Deed

if TYPE_CHECKING:
    from sim.brand.actions import Due
    from sim.brand.operator import Operator


class Gatherings:
    """Calls and what comes of them.

    Parameters
    ----------
    operator : Operator
        Who pays, publishes, and knows the community.
    """

    def __init__(self, operator: Operator) -> None:
        self.operator = operator
        self.streaks: dict[str, dict[int, int]] = {}
        self.told: dict[str, set[int]] = {}

    def call(self, due: Due, *, kind: str, pull: float, until_h: float, nearby: bool = False) -> int | None:
        """Put a call on the board until an hour, and return its number; none, and a refusal, if too many are open."""
        operator = self.operator
        if not gathering.has_free_call(operator.community):
            operator.refuse(operator.hour, due.item, kind, -1, "too many calls at once", 0.0)
            return None
        anything = next(iter(operator.scenario.brand.products))
        return operator.open_offer(due, product=anything, discount=0.0, hours=until_h - operator.hour, pull=pull, in_shop=nearby)

    def close(self, due: Due, *, kind: str, offer: int) -> list[int]:
        """Close a call, and return the members who have taken part."""
        people = gathering.taken_part(self.operator.community, offer)
        self._note(due, kind, f"{len(people)} took part", 0.0)
        return people

    def by_lot(self, due: Due, people: list[int]) -> list[int]:
        """Return people in an order drawn by lot."""
        return gathering.by_lot(self.operator.community, people, self.operator.key(due))

    def in_a_row(self, due: Due, people: list[int], every: int) -> list[int]:
        """Count who has taken part in successive occasions of an item, and return those who have done so ``every`` times, or twice that."""
        before = self.streaks.get(due.item, {})
        self.streaks[due.item] = {person: before.get(person, 0) + 1 for person in people}
        return [person for person, many in self.streaks[due.item].items() if many % every == 0]

    def reward(self, people: list[int], *, yuan: float, hours: float) -> None:
        """Give people a coupon each, which costs when it is used."""
        for person in people:
            self.operator.community.give_coupon(person, round(yuan * 100), hours, -1)

    def give(self, due: Due, people: list[int], *, kind: str, yuan: float) -> None:
        """Give people something worth a sum each, as far as the budget goes; who is left out is disappointed."""
        operator = self.operator
        for person in people:
            if operator.pay("gift_cost", yuan, due.item, kind, operator.community.own_group(person), operator.hour):
                operator.community.please(person)
            else:
                operator.community.disappoint(person)

    def meet(self, due: Due, people: list[int], *, capacity: int, yuan_each: float) -> None:
        """Let people meet: places are drawn by lot, who gets none is disappointed, and not all of the others come."""
        operator, community = self.operator, self.operator.community
        drawn = self.by_lot(due, people)
        for person in drawn[capacity:]:
            community.disappoint(person)
        came = gathering.turn_up(community, drawn[:capacity], operator.key(due))
        if came and operator.pay("event_cost", yuan_each * len(came), due.item, "event", -1, operator.hour):
            gathering.meet(community, came)
            self._note(due, "event", f"{len(came)} came", yuan_each * len(came))

    def best(self, due: Due, *, by: adjusting.Worth, at_least: float, most: int) -> list[int]:
        """Return the members who are worth most to the brand, of the groups that an item is for; everybody is caught up first."""
        operator = self.operator
        operator.community.catch_up(operator.hour)
        ranked = adjusting.worth(operator.community, operator.aimed(due.item), by)
        return [person for person, own in ranked if own >= at_least][:most]

    def next_story(self, due: Due, *, at_least: int, thanks_yuan: float) -> bool:
        """Thank the best customer whose story an item has not told yet; return whether there is one and the money for it."""
        operator = self.operator
        told = self.told.setdefault(due.item, set())
        found = [
            person for person in self.best(due, by="orders", at_least=at_least, most=operator.community.total.people) if person not in told
        ]
        if not found:
            operator.refuse(operator.hour, due.item, "case", -1, "no customer with a story", 0.0)
        elif operator.pay("gift_cost", thanks_yuan, due.item, "case", operator.community.own_group(found[0]), operator.hour):
            told.add(found[0])
            operator.community.please(found[0])
            return True
        return False

    def give_samples(self, due: Due, people: list[int], *, product: str, shipping_yuan: float) -> list[int]:
        """Give people a product each, as far as the budget goes, and return who has got it."""
        operator = self.operator
        place = operator.scenario.brand.product_index(product)
        yuan = list(operator.scenario.brand.products.values())[place].cost_yuan + shipping_yuan
        given = []
        for person in people:
            if operator.pay("gift_cost", yuan, due.item, "sample", operator.community.own_group(person), operator.hour):
                gathering.give_sample(operator.community, person, place)
                given.append(person)
        self._note(due, "koc", f"{len(given)} samples", yuan * len(given))
        return given

    def write_about(self, due: Due, people: list[int], *, product: str, column: str, **values: Any) -> None:
        """Let those who want to write about what they were given do so, in their own group; everybody is caught up first."""
        operator = self.operator
        operator.community.catch_up(operator.hour)
        for person in self._authors(due, people, product):
            key = operator.community.world.people[person]["key"]
            group = operator.community.own_group(person)
            spec = operator.message(due, kind="koc", part=f"author {int(key):016x}", product=product, column=column, **values)
            operator.publish(due, group, spec, column)

    def _authors(self, due: Due, people: list[int], product: str) -> Iterator[int]:
        operator = self.operator
        place, occasion = operator.scenario.brand.product_index(product), operator.key(due)
        return (person for person in people if gathering.writes_about(operator.community, person, place, occasion))

    def _note(self, due: Due, kind: str, what: str, yuan: float) -> None:
        operator = self.operator
        operator.ledger.deeds.append(Deed(operator.hour, due.item, kind, -1, "done", what, yuan))
