"""The name by which dispatchers of version 0.1 start runs; it stays until none of them can be alive any more."""

from explorer.training.work.loop import begin

if __name__ == "__main__":
    begin()
