"""What the Results page shows: accuracies, parameter counts, curves, benchmarks."""
