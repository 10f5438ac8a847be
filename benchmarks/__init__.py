"""Speed, memory and proof of the compiled engine; run from the repository root as `python -m benchmarks.engine`."""
