"""The one exception for what a user can get wrong.

Its message is one sentence that names the argument, its value and what to do; pages show it as it is.
Anything else that is raised is a bug and goes to the log.
"""


class ExplorerError(ValueError):
    """A value, a file or a request from outside that cannot be used, said so that its author can mend it."""
