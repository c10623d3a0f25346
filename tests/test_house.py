"""The house: arrows between its rooms point one way, as the imports themselves say; every room says what it is for."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = [*(ROOT / "explorer").rglob("*.py"), ROOT / "app.py", *(ROOT / "pages").glob("*.py")]


def module(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module(file): file for file in FILES}
FACE = "explorer/__init__.py"  # offers what lies in the rooms, and loads it when it is asked for


def imported(file: Path) -> set[str]:
    """The modules of ours that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{name.name}" for name in node.names if name.name != "__version__"}
            found |= {name if name in MODULES else node.module for name in whole}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found & MODULES.keys()


def room(name: str) -> str:
    """The folder that a module lies in, two deep; the small files at the root of explorer/ are rooms of their own."""
    if name == "explorer":
        return FACE
    folders = MODULES[name].relative_to(ROOT).parts[:-1]
    if folders == ("explorer",) or not folders:
        return name
    return ".".join(folders[: 3 if folders[1:2] in (("training",), ("ui",)) else 2])


def arrows() -> dict[tuple[str, str], list[str]]:
    found = defaultdict(list)
    for name, file in MODULES.items():
        for other in imported(file):
            if room(name) != room(other):
                found[room(name), room(other)].append(f"{name} → {other}")
    return found


ARROWS = arrows()


def test_no_two_rooms_import_each_other():
    both = {(a, b): ARROWS[a, b] + ARROWS[b, a] for a, b in ARROWS if (b, a) in ARROWS}
    assert not both, "\n".join(arrow for those in both.values() for arrow in those)


def test_no_way_leads_back_to_the_room_it_left():
    """Nor over a third room: the rooms can be put in an order, from the lowest up."""
    above = defaultdict(set)
    for start, end in ARROWS:
        above[start].add(end)
    left = {name for pair in ARROWS for name in pair}
    while lowest := {name for name in left if not above[name] & left}:
        left -= lowest
    assert not left, f"in a circle, or above one: {', '.join(sorted(left))}"


FLOORS = [  # from the top; a room imports none of a floor above its own
    {"app", "pages", FACE},
    {"explorer.ui"},
    {"explorer.figures"},
    {"explorer.results", "explorer.subjects", "explorer.classroom"},
    {"explorer.training", "explorer.classify"},
    {"explorer.inside", "explorer.diffusion", "explorer.layers", "explorer.live"},
    {"explorer.networks"},
    {"explorer.data"},
]


def floor(name: str) -> int:
    return next(
        (
            height
            for height, rooms in enumerate(FLOORS)
            if any(name == one or name.startswith(f"{one}.") for one in rooms)
        ),
        len(FLOORS),
    )


def test_arrows_point_down():
    up = [arrow for (start, end), those in ARROWS.items() if floor(end) < floor(start) for arrow in those]
    assert not up, "\n".join(up)


@pytest.mark.parametrize(
    ("below", "above"),
    [("recipe", "work"), ("work", "store"), ("store", "dispatch")],
)
def test_the_rooms_of_training_import_only_those_before_them(below, above):
    assert (f"explorer.training.{below}", f"explorer.training.{above}") not in ARROWS


def test_only_ui_imports_streamlit_and_training_no_plotly():
    for name, file in MODULES.items():
        words = {
            node.names[0].name if isinstance(node, ast.Import) else node.module or ""
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, (ast.Import, ast.ImportFrom))
        }
        tops = {word.partition(".")[0] for word in words}
        if name.startswith("explorer") and not name.startswith("explorer.ui"):
            assert "streamlit" not in tops, name
        if name.startswith("explorer.training"):
            assert "plotly" not in tops, name


def test_every_module_says_what_it_is_for():
    silent = [name for name, file in MODULES.items() if not ast.get_docstring(ast.parse(file.read_text("utf-8")))]
    assert not silent


def paths_of_its_own(source: str) -> list[str]:
    """Where code takes a path from the checkout or from the working folder by itself: these are explorer/paths.py's.

    What lies beside a module is its own: Path(__file__).parent / NAME, Path(__file__).with_name(NAME).
    """
    tree, found = ast.parse(source), []
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "__file__":
            step, further = above[above[node]], above[above[above[node]]]
            near = isinstance(step, ast.Attribute) and step.attr in ("parent", "with_name")
            if not near or (isinstance(further, ast.Attribute) and further.attr in ("parent", "parents")):
                found.append(ast.unparse(further))
        elif isinstance(node, ast.Attribute) and node.attr in ("cwd", "getcwd"):
            found.append(ast.unparse(node))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("Path", "pathlib.Path", "open", "os.listdir"):
            start = node.args[0] if node.args else ast.Constant(".")
            if isinstance(start, ast.Constant) and isinstance(start.value, str) and start.value[:1] != "/":
                found.append(ast.unparse(node))
    return found


@pytest.mark.parametrize(
    ("code", "own"),
    [
        ("Path(__file__).parent / 'a.css'", False),
        ("Path(__file__).with_name('a.css').read_text()", False),
        ("Path('/proc/cpuinfo')", False),
        ("Path(folder) / 'a'", False),
        ("Path(__file__).parents[1]", True),
        ("Path(__file__).parent.parent", True),
        ("Path(__file__).resolve().parent", True),
        ("os.path.dirname(__file__)", True),
        ("Path('data')", True),
        ("Path()", True),
        ("open('notes.txt')", True),
        ("Path.cwd()", True),
        ("os.getcwd()", True),
    ],
)
def test_a_path_of_its_own_is_seen(code, own):
    assert bool(paths_of_its_own(code)) == own


def test_only_one_module_knows_where_things_lie():
    found = {name: paths_of_its_own(file.read_text("utf-8")) for name, file in MODULES.items()}
    assert found.pop("explorer.paths") and not {name: own for name, own in found.items() if own}


def test_no_class_name_stands_for_two_things():
    places = defaultdict(list)
    for name, file in MODULES.items():
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(name)
    assert not {name: found for name, found in places.items() if len(found) > 1}
