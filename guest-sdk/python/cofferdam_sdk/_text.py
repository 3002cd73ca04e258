"""Texts on their way to the host, which takes nothing but valid UTF-8 and traps the module otherwise."""


def encodable(text: str) -> str:
    r"""The text with what UTF-8 cannot hold, lone surrogates, spelled out as `\udc80`."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
