"""Where a browser gives a camera, and what a camera's component may send."""

import pytest

from explorer.errors import ExplorerError
from explorer.ui.components.camera import still
from explorer.ui.shared.camera import secure


@pytest.mark.parametrize(
    ("address", "gives"),
    [
        ("https://class.example/Diffusion", True),
        ("http://localhost:8501", True),
        ("http://app.localhost:8501/", True),
        ("http://127.0.0.1:8501", True),
        ("http://127.3.2.1", True),
        ("http://[::1]:8501", True),
        ("http://192.168.1.7:8501", False),
        ("http://class.example", False),
        ("http://localhost.example", False),
        ("", False),
    ],
)
def test_a_camera_wants_https_or_localhost(address, gives):
    assert secure(address) == gives


@pytest.mark.parametrize("sent", [None, 3, "", "data:image/png;base64,@@", "data:image/png;base64,aGFsbG8=", ["x"]])
def test_what_is_no_picture_is_said(sent):
    with pytest.raises(ExplorerError):
        still(sent)
