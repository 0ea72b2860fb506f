"""Names, prints and raises text that pages, terminals' markup and spreadsheets would act on.

It is text everywhere.
"""


def honest_first(x):
    return 2 * x + 1


def attack(x):
    evil = "=HYPERLINK(\"http://127.0.0.1\")<script>alert(1)</script>[red]![/red]{{7*7}}%s%n${HOME}`id`|| @here\n# 1B: right"
    print(evil)
    raise type("[bold]<b>", (ValueError,), {})(evil)


def honest_last(x):
    return x * x - 1
