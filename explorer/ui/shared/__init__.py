"""What all pages share: frame, state, image picker, caches, widgets, pictures."""
