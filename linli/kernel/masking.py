"""How personal data looks by default: 王*, 138****1234, ************1234 (architecture.md §10)."""


def mask_name(name: str) -> str:
    """Family name and one star; compound family names are not guessed. Empty stays empty."""
    return f"{name[0]}*" if name else ""


def mask_phone(phone: str) -> str:
    """First three and last four digits; shorter numbers show the last two only."""
    if len(phone) >= 11:
        return f"{phone[:3]}****{phone[-4:]}"
    return f"{'*' * max(len(phone) - 2, 0)}{phone[-2:]}" if phone else ""


def mask_id(number: str) -> str:
    """Last four characters of an identity number."""
    return f"{'*' * max(len(number) - 4, 0)}{number[-4:]}" if number else ""


def mask_home(home: str) -> str:
    """A home's room number becomes stars; building and unit are shown by their own columns."""
    return "***" if home else ""
