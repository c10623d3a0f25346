"""The name by which jobs submitted by version 0.1 begin; it stays until none of them can be waiting any more."""

from explorer.training.dispatch.ray_job import begin

if __name__ == "__main__":
    begin()
