from otter.test_files import test_case

OK_FORMAT = False
name = "q2"
points = 2


@test_case(points=None, hidden=False)
def test_low_primes(sieve):
    assert sieve(1) == []
    assert sieve(2) == [2]


@test_case(points=2, hidden=True)
def test_higher(env):
    assert env["mode"]([1, 2, 2], "1e-6") == 2, "message"
    assert sieve(20) == {2, 3}
