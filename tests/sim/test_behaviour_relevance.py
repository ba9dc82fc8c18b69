from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.behaviour.relevance import similarity
from sim.codes import TOPICS

vectors = st.lists(st.floats(0, 1e3), min_size=TOPICS, max_size=TOPICS).map(np.array)


@given(vectors, vectors)
def test_similarity_is_the_cosine(one: np.ndarray, other: np.ndarray) -> None:
    norm = np.linalg.norm(one) * np.linalg.norm(other)
    found = similarity(one, other)
    assert 0 <= found <= 1
    if norm > 1e-100:
        assert found == pytest.approx(one @ other / norm, abs=1e-9)


def test_ends() -> None:
    axes = np.eye(TOPICS)
    assert similarity(axes[0], axes[0]) == 1.0
    assert similarity(axes[0], axes[1]) == 0.0
    assert similarity(axes[0], np.zeros(TOPICS)) == 0.0
