"""Is longer than a submission may be.

It is refused unread.

Costs: honest_first, honest_last
"""

# "@repeat long 100000@"


def honest_first(x):
    return 2 * x + 1


def attack(x):
    return x


def honest_last(x):
    return x * x - 1
