OK_FORMAT = True

test = {
    "name": "q10",
    "points": [0.5, 1],
    "suites": [
        {
            "cases": [
                {
                    "name": "Mean of a few",
                    "code": r"""
                    >>> import numpy as np
                    >>> data = np.array([1.0, 2.0, 4.5])
                    >>> round(mean(data), 2)
                    2.5
                    """,
                },
                {
                    "code": r"""
                    >>> abs(scale(-1/2, True) - 0.5) < 1e-3
                    True
                    >>> print(mean([1, 2]))
                    1.5
                    """,
                    "hidden": True,
                },
            ],
            "type": "doctest",
        }
    ],
}
