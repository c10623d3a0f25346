"""One thread for torch, here and in every process that a test starts.

The tensors of the tests are small: a team of threads makes them no faster, and on a busy machine each operation waits
for the member that has no core, which can turn a second into minutes.
"""

import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
