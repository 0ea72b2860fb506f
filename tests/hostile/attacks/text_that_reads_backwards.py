"""Holds characters that turn the direction of text, in comments, names and messages.

They are written out wherever they are shown.
"""

# In the next line stand the characters themselves.
GUARD = "‮ ⁦if attack is right⁩ ⁦"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    raise ValueError("‮" + GUARD + "\u2066\u2069\u200b\ufeff\u061c")


def honest_last(x):
    return x * x - 1
