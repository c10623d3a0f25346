"""Every symbol that the app writes anywhere has its words."""

import ast
import re
from pathlib import Path

import pytest

from explorer.ui.shared.glossary import SYMBOLS

ROOT = Path(__file__).parents[2]
SIGN = re.compile(r"[\u0370-\u03ff√∂∇∑∏∞⊙⊛∗≈′]")
NAMES = (
    "alpha=α beta=β gamma=γ delta=δ epsilon=ε eta=η theta=θ lambda=λ mu=μ pi=π rho=ρ sigma=σ tau=τ phi=φ psi=ψ omega=ω "
    "Phi=Φ Psi=Ψ Delta=Δ partial=∂ nabla=∇ odot=⊙ ast=∗"
)
TEX = {pair[:-2]: pair[-1] for pair in NAMES.split()}
COMMAND = re.compile(r"\\(" + "|".join(TEX) + r")(?![a-zA-Z])")
COMMENT = re.compile(r"//.*$|/\*.*?\*/", re.MULTILINE | re.DOTALL)
SHOWN = [
    *(ROOT / "explorer").rglob("*.py"),
    *(ROOT / "pages").glob("*.py"),
    ROOT / "app.py",
    *(ROOT / "explorer/ui/components").rglob("*.js"),
    *(ROOT / "explorer/classroom/texts").glob("*.md"),
]


def texts(file: Path) -> str:
    """What a file may show: its strings without those that describe the code."""
    source = file.read_text("utf-8")
    if file.suffix != ".py":
        return COMMENT.sub("", source)
    nodes = list(ast.walk(ast.parse(source)))
    bodies = [node.body for node in nodes if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    described = {id(body[0].value) for body in bodies if body and isinstance(body[0], ast.Expr)}
    strings = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in described]
    return "\n".join(node.value for node in strings if isinstance(node.value, str))


@pytest.mark.parametrize("symbol", ["α", "τ", "h", "Φ", "Ψ", "λ", "σ", "ε"])
def test_the_symbols_of_the_equation_are_there(symbol):
    assert SYMBOLS[symbol]


def test_every_symbol_that_is_shown_has_an_entry():
    missing: dict[str, set[str]] = {}
    for file in SHOWN:
        text = texts(file)
        for symbol in {*SIGN.findall(text), *(TEX[name] for name in COMMAND.findall(text))} - SYMBOLS.keys():
            missing.setdefault(symbol, set()).add(str(file.relative_to(ROOT)))
    assert not missing


def test_an_entry_is_one_character_and_a_sentence():
    assert all(len(symbol) == 1 and words.endswith(".") for symbol, words in SYMBOLS.items())
