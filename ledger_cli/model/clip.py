"""Texts cut to a length, as messages and tables show them."""


def clipped(text: str, longest: int) -> str:
    """The text, or its beginning of so many characters and ……"""
    return text if len(text) <= longest else text[:longest] + "……"
