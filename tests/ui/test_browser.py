"""Which browser is looking: the same one however its cookie is masked."""

import secrets

from explorer.ui.shared.browser import unmasked


def cookie(secret: bytes) -> str:
    mask = secrets.token_bytes(4)
    masked = bytes(byte ^ mask[place % 4] for place, byte in enumerate(secret))
    return f"2|{mask.hex()}|{masked.hex()}|1700000000"


def test_any_mask_gives_the_same_number():
    secret = secrets.token_bytes(16)
    assert unmasked(cookie(secret)) == unmasked(f'"{cookie(secret)}"') == secret


def test_it_reads_streamlits_own_cookie():
    from streamlit.web.server.starlette import starlette_app_utils as utils

    secret = secrets.token_bytes(16)
    assert unmasked(utils.generate_xsrf_token_string(secret, 1700000000)) == secret


def test_what_is_no_cookie_of_that_kind_gives_nothing():
    for odd in ("", "x", "2|zz|00|1", "1|00|00|1", "2||00|1", "2|00||1", "|||", "2|00|00|1|2", "é|é|é|é"):
        assert unmasked(odd) == b""
