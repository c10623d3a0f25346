"""What the Results page shows: the study's answer, curves, accuracies, parameter counts, benchmarks."""
