"""Benchmarks: each prints ratios measured in one run, and its last line is its figure."""
