"""What our networks reach beside the papers, and the recipes that got them there."""
