"""The committed WebAssembly is what its source builds, byte for byte, and imports nothing but memory."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KERNEL = ROOT / "explorer/ui/components/live/kernel.wasm"


@pytest.mark.slow
@pytest.mark.needs("node", "npm")
def test_the_committed_binary_is_its_build(tmp_path):
    if not (ROOT / "node_modules/.bin/asc").exists():
        pytest.skip("needs AssemblyScript to build the kernel again: npm ci")
    target = tmp_path / "kernel.wasm"
    command = ["npm", "run", "--silent", "kernel", "--", "--outFile", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    assert target.read_bytes() == KERNEL.read_bytes()


def test_it_is_small_and_asks_for_memory_alone():
    content = KERNEL.read_bytes()
    assert content[:8] == b"\0asm\1\0\0\0"
    assert len(content) < 2048  # it travels inside the component's script
    assert content.count(b"\x03env") == 1 and b"\x06memory" in content
