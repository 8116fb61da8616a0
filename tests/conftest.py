"""What holds for a test process, and all that it starts.

One thread: the suite runs beside other work, and sums are the same anywhere. One warm start
(showhow/jobs/warm_start), and not one for each start of Snakemake.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["SHOWHOW_WARM_START"] = str(os.getpid())

WHOLE_STUDIES = {"workflow", "docs"}
"""Folders of tests that run whole studies."""


def pytest_collection_modifyitems(items):
    """Begin with the longest tests: one that is left to the end has a core idle beside it."""
    items.sort(key=lambda item: item.path.parent.name not in WHOLE_STUDIES)
