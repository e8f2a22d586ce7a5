"""Benchmarks: what the service costs and carries, as ratios within one run. Run by `make bench`; 127.0.0.1 only."""
