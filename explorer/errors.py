"""The one exception for what a user can get wrong.

Its message is one sentence that names the argument, its value and what to do; pages show it as it is.
Anything else that is raised is a bug and goes to the log.
"""

from typing import Any


class ExplorerError(ValueError):
    """A value, a file or a request from outside that cannot be used, said so that its author can mend it."""


def is_text(value: Any) -> bool:
    """Whether it is a text that can be written and shown: a name from the disk may hold bytes that are no UTF-8."""
    if not isinstance(value, str):
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
