"""The two themes are readable, their palettes are those of the pictures, and the server gives nothing away."""

import subprocess
import sys
import tomllib

import pytest

from explorer.paths import ROOT
from explorer.render import TABLES

CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
THEME = CONFIG["theme"]


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """WCAG 2: from 1 to 21; text wants 4.5."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_contrast_formula():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_every_text_colour_can_be_read_on_every_ground(name):
    theme = THEME[name]
    grounds = [theme["backgroundColor"], theme["secondaryBackgroundColor"], theme["sidebar"]["backgroundColor"]]
    texts = {
        key: colour for key, colour in theme.items() if key.endswith("TextColor") or key in ("textColor", "linkColor")
    }
    assert len(texts) > 5
    poor = {(key, ground) for key, colour in texts.items() for ground in grounds if contrast(colour, ground) < 4.5}
    assert not poor
    assert contrast(theme["primaryColor"], theme["backgroundColor"]) > 4.5


@pytest.mark.parametrize("name", ["light", "dark"])
def test_what_streamlit_pales_can_still_be_read(name):
    """Captions are text of six tenths, the chosen segment is paint of one tenth of the primary colour."""
    theme = THEME[name]
    for ground in (theme["backgroundColor"], theme["sidebar"]["backgroundColor"]):
        assert contrast(mixed(theme["textColor"], ground, 0.6), ground) > 4.5
        assert contrast(theme["primaryColor"], mixed(theme["primaryColor"], ground, 0.1)) > 4.5


def mixed(colour: str, ground: str, share: float) -> str:
    levels = [[int(one[place : place + 2], 16) for place in (1, 3, 5)] for one in (colour, ground)]
    mix = [round(share * over + (1 - share) * under) for over, under in zip(*levels, strict=True)]
    return "#{:02X}{:02X}{:02X}".format(*mix)


@pytest.mark.parametrize(("key", "kind"), [("chartSequentialColors", "magnitude"), ("chartDivergingColors", "signed")])
def test_charts_use_the_colours_of_the_pictures(key, kind):
    expected = ["#{:02X}{:02X}{:02X}".format(*TABLES[kind][round(i * 255 / 9)]) for i in range(10)]
    assert THEME[key] == expected


def test_the_server_is_set_for_a_class():
    server, client = CONFIG["server"], CONFIG["client"]
    assert server["maxUploadSize"] == 10 and server["enableXsrfProtection"] and server["fileWatcherType"] == "none"
    assert client["showErrorDetails"] == "none" and not client["showSidebarNavigation"]
    assert client["showErrorLinks"] is False and client["toolbarMode"] == "viewer"
    assert server["address"] == "localhost" and not server["showEmailPrompt"]
    assert not CONFIG["browser"]["gatherUsageStats"] and not CONFIG["runner"]["magicEnabled"]


def test_streamlit_knows_every_setting_and_takes_it():
    """A misspelt name would be a warning in a log that nobody reads."""
    code = (
        "from streamlit import config; config.get_config_options(); print(*(f'{key}={option.value}' for key, option in"
        " config._config_options.items() if option.where_defined != option.DEFAULT_DEFINITION), sep='\\n')"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    taken = dict(line.split("=", 1) for line in told.stdout.splitlines() if "=" in line)
    for part in ("client", "global", "runner", "browser", "server"):
        for name, value in CONFIG[part].items():
            assert taken[f"{part}.{name}"] == str(value)
    assert not told.stderr
