"""The bench tells the stages of the program apart from outside, and leaves nothing out."""

import pytest

from tests.bench.budget import ENDS, REST, sampled
from tests.bench.stages import unknown


def test_every_function_of_a_stage_is_there():
    assert unknown() == []


def test_stages_add_up_to_the_whole(sample_warehouse):
    budget = sampled(["status", "--warehouse", str(sample_warehouse)])
    whole, stages = budget.whole, budget.stages
    assert sum(one.wall for one in stages.values()) == pytest.approx(whole.wall, rel=0.01)
    assert stages["imports"].wall > 0.1 * whole.wall
    assert stages[REST].wall < 0.5 * whole.wall
    assert stages[ENDS].cpu > 0
