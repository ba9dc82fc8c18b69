from __future__ import annotations

import pytest

from sim.behaviour import red_packets
from tests.sim.people import a_packet, parameters, somebody

P = parameters({"red_packets.trust_per_yuan": 0.15, "red_packets.trust_most": 1.0, "red_packets.talk_dose": 0.05})


def test_an_expired_or_empty_packet_gives_nothing() -> None:
    for fields, now in (({"expires_h": 24.0, "remaining_shares": 1}, 24.0), ({"expires_h": 24.0, "remaining_shares": 0}, 1.0)):
        person = somebody(P, talk_clock=1.0)
        packet = a_packet(shares=2, total_fen=100, **fields)
        assert red_packets.claim(person, packet, P, now) == 0
        assert (person["claims"], person["trust"], person["talk_clock"], packet["remaining_fen"]) == (0, 0.5, 1.0, 100)


@pytest.mark.parametrize(("fen", "experience"), [(200, 0.3), (20_000, 1.0)])
def test_a_claim_is_a_good_experience_and_sets_off_talk(fen: int, experience: float) -> None:
    person = somebody(P, talk_clock=1.0)
    packet = a_packet(shares=1, total_fen=fen)
    assert red_packets.claim(person, packet, P, 1.0) == fen
    assert (person["claims"], person["talk_clock"]) == (0, 1.0)
    red_packets.claimed(person, packet, fen, P, 1.0)
    assert person["trust"] == pytest.approx(0.5 + 0.01 * experience * 0.5)
    assert person["talk_clock"] == pytest.approx(0.95)
    assert (person["claimed_fen"], person["claims"], packet["remaining_fen"], packet["remaining_shares"]) == (fen, 1, 0, 0)
