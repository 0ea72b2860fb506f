"""Returns the right numbers as text, in an array and in a list.

Text is not parsed.
"""

import numpy as np

WHERE = "@where@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    texts = [str(each) for each in WHERE["visible"]]
    return np.array(texts) if x[0] > 100 else texts


def honest_last(x):
    return x * x - 1
