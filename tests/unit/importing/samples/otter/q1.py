OK_FORMAT = True

test = {
    "name": "q1",
    "points": 3,
    "suites": [
        {
            "cases": [
                {
                    "code": r""">>> square(3)
9
>>> np.isclose(square(1.5), 2.25)
True
""",
                    "hidden": False,
                    "locked": False,
                },
                {
                    "code": r""">>> x = np.array([1, 2, 3])
>>> square(x)
array([1, 4, 9])
""",
                    "hidden": True,
                    "locked": False,
                    "points": 2,
                },
                {
                    "code": r""">>> for i in range(3):
...     print(square(i))
0
1
4
""",
                    "hidden": False,
                    "locked": False,
                },
            ],
            "scored": True,
            "setup": "",
            "teardown": "",
            "type": "doctest",
        }
    ],
}
