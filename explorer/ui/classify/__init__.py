"""What Classify shows: answers, changes of mind, one's own classes, what cable layers learned, the test set."""
