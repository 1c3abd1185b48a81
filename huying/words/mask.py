"""Private data made unreadable: for whoever does not need them, and before staff see them on Prefect's pages."""

import re


def mask(text: str) -> str:
    """The text with mail addresses and long numbers made unreadable."""
    text = re.sub(r"([\w.+-])[\w.+-]*@", r"\1***@", text)
    return re.sub(r"(\d{3})\d{4,}(\d{2})", r"\1****\2", text)


def veiled(kind: str, text: str) -> str:
    """What is left of a private value of a field of this kind: enough to know it again, too little to use it."""
    if kind == "phone":
        return f"{text[:3]}****{text[-4:]}" if len(text) >= 11 else f"{text[:1]}****"
    if kind == "email":
        name, _, host = text.partition("@")
        return f"{name[:2]}***@{host}"
    if kind == "text":
        return veiled_name(text)
    return "***"


def veiled_name(name: str) -> str:
    """A name of which the first character is left: 张**."""
    return f"{name[:1]}**"
