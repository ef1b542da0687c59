"""Measurements of speed and memory, each run by hand: `python -m benchmarks.corpus`, `python -m benchmarks.encoder`."""
