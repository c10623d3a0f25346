"""What trained networks say, about one image and over a test set."""
