"""Does a page, a card or an answer tell what it must not tell?"""

import re


def tells(text: str, *secrets: str) -> list[str]:
    """Which of the secrets stand in the text. Digits count as a number of their own only: ids and tokens hold any three digits
    sooner or later."""
    return [s for s in secrets if re.search(rf"(?<![0-9A-Za-z-]){s}(?![0-9A-Za-z-])" if s.isdigit() else re.escape(s), text)]
