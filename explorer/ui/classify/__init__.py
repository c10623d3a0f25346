"""What the Classify page shows: answers, changes of mind, what cable layers learned, the test set, a batch."""
