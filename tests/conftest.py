"""One thread per test process: the suite runs beside other work, and sums are the same anywhere."""

import os

os.environ["OMP_NUM_THREADS"] = "1"
