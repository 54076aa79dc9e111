"""A process whose name another one has."""

from tierdesk.sole import Sole


def test_a_process_ends_once_another_one_has_its_name() -> None:
    ends: list[str] = []
    answers = iter([True, False])
    sole = Sole(still_ours=lambda: next(answers), end=lambda: ends.append("ended"))
    sole.turn()
    assert ends == []
    sole.turn()
    assert ends == ["ended"]
