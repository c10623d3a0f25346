"""What the Classify page shows: answers, changes of mind, classes of one's own, what cable layers learned, the test set."""
