"""What a class is joined by, a code that one can read out, and what it is taught by, a key that nobody can guess.

A code has seven signs of 24, none of which is taken for another: 4.6 thousand million. With at most 600 wrong tries a
minute (tries.py), one in 40,000 such attacks finds a given class in its three hours.
"""

import hashlib
import secrets

SIGNS = "34579BCDFGHJKMNPQRTVWXYZ"  # no vowels, so no words; none of 0O 1IL 2Z's twin, 5S, 6G, 8B beside each other
LENGTH = 7


def code() -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def typed(text: str) -> str:
    """A code as people type it, in small letters and with blanks; nothing where it cannot be one."""
    found = "".join(sign for sign in text[:40].upper() if sign not in " -\u00a0")
    return found if len(found) == LENGTH and set(found) <= set(SIGNS) else ""


def spoken(code: str) -> str:
    """In two parts, as one reads it out: K7M QTPX."""
    return f"{code[:3]} {code[3:]}"


def key() -> str:
    return secrets.token_urlsafe(24)


def digest(key: str) -> str:
    """What of a key is stored."""
    return hashlib.sha256(b"class " + key.encode(errors="replace")).hexdigest()
