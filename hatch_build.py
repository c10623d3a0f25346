"""What pip is told that the package needs: read from requirements.txt, and the extra `cluster` from its own file."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface

REST = "# Not of the package"  # what follows this line is for who works in the repository


def needs(file: Path) -> list[str]:
    """The requirements of a file without the reasons beside them."""
    said = file.read_text(encoding="utf-8").partition(REST)[0]
    lines = (line.partition("#")[0].strip() for line in said.splitlines())
    return [line for line in lines if line]


class Needs(MetadataHookInterface):
    def update(self, metadata: dict) -> None:
        root = Path(self.root)
        metadata["dependencies"] = needs(root / "requirements.txt")
        metadata["optional-dependencies"] = {"cluster": needs(root / "requirements-cluster.txt")}
