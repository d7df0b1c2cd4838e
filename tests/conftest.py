"""Set up before anything imports torch."""

import os

# Tiny models gain nothing from threads, and results are compared bit for bit on one CPU configuration.
os.environ["OMP_NUM_THREADS"] = "1"
