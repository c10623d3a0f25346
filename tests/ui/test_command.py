"""The command `cable-explorer`: what it passes on, what it refuses, and that our settings hold in any folder."""

import os
import subprocess
import sys

import pytest
from streamlit.web import cli

import explorer
from explorer.paths import HOME, ROOT
from explorer.ui.command import main

SETTINGS = """
import sys
from streamlit import config
from streamlit.web import bootstrap
bootstrap.run = lambda *given: print(given[0], *(config.get_option(name) for name in sys.argv[1].split(",")))
from explorer.ui.command import main
main(sys.argv[2:])
"""
NAMES = "server.maxUploadSize,client.toolbarMode,theme.light.primaryColor,server.port"


def settings(folder, *options: str) -> list[str]:
    """Streamlit's settings at the moment when it would start, in a process that is in this folder."""
    command = [sys.executable, "-c", SETTINGS, NAMES, *options]
    home = {"PYTHONPATH": str(ROOT), "HOME": str(folder), "USERPROFILE": str(folder)}
    told = subprocess.run(command, cwd=folder, env={**os.environ, **home}, capture_output=True, text=True)
    assert told.returncode == 0, told.stderr[-2000:]
    return told.stdout.split()


def test_our_settings_hold_in_any_folder(tmp_path):
    assert settings(tmp_path) == [str(HOME), "10", "viewer", "#0067A3", "8501"]


def test_an_option_counts_more_than_our_settings_and_they_more_than_those_of_the_folder(tmp_path):
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text('[client]\ntoolbarMode = "developer"\n[server]\nport = 8700\n')
    found = settings(tmp_path, "--server.maxUploadSize", "3", "--theme.light.primaryColor=#123456")
    assert found[1:] == ["3", "viewer", "#123456", "8700"]


def test_what_follows_goes_to_streamlit(monkeypatch):
    given = []
    monkeypatch.setattr(cli, "main", lambda arguments, prog_name: given.append(arguments))
    assert main(["--server.port", "8600", "--server.headless=true"]) == 0
    assert given == [["run", str(HOME), "--server.port", "8600", "--server.headless=true"]]


def test_training_is_the_command_line_of_training(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("EXPLORER_RUNS", str(tmp_path / "runs"))
    assert main(["train", "list"]) == 0 and (tmp_path / "runs" / "runs.sqlite").exists()
    assert main(["train", "show", "nothing"]) == 2
    assert capsys.readouterr().err.startswith("error: ID is 'nothing'")
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    assert capsys.readouterr().out.startswith("usage: cable-explorer train")


def test_help_and_version(capsys):
    assert main(["--version"]) == 0 and capsys.readouterr().out == f"Cable Explorer {explorer.__version__}\n"
    for asked in ("--help", "-h"):
        assert main([asked]) == 0 and "cable-explorer train start" in capsys.readouterr().out


def test_a_command_that_there_is_not_is_one_sentence(capsys):
    assert main(["trian", "start"]) == 2
    said = capsys.readouterr().err
    assert said == "error: 'trian' is no command: there is `train`, and options for Streamlit\n"
