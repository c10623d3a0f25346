"""A class that answers: its teacher's part of a lesson's strip, its students' page, its answers as bars."""
