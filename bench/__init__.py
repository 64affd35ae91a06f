"""The benchmark: how fast and how lean the program is beside the rawest thing that does the same (docs/bench.md)."""
