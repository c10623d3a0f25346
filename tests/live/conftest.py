"""The engine of the browser in node, kept for the whole folder."""

import pytest

from tests import system
from tests.live.engine import Engine


@pytest.fixture(scope="package")
def engine():
    system.need("node")
    with Engine() as engine:
        yield engine
