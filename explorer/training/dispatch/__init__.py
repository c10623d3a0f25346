"""Who starts runs and watches them: on this machine, or as jobs of a Ray cluster."""
