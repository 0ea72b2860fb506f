"""Prints, raises and returns sequences that clear a screen, set a title, type a command or ring a bell.

They are written out wherever they are shown.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    evil = "\x1b[2J\x1b[1;1H\x1b]0;Full marks\x07\x1b]52;c;cm0gLXJm\x07\x9b31m\x08\x08\x08\r\x7f"
    print(evil)
    if x[0] > 5000:
        return evil
    if x[0] > 100:
        return {evil: evil}
    raise ValueError(evil)


def honest_last(x):
    return x * x - 1
