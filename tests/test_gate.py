"""The gate before the networks: so many at once, first come first served, and nobody is lost."""

import threading
from collections import deque

from hypothesis import given
from hypothesis import strategies as st

from explorer.gate import Gate

LONG = 60  # seconds until a thread that does not come counts as lost


@given(st.integers(1, 4), st.lists(st.integers(0, 9), max_size=60))
def test_any_coming_and_going_is_that_of_a_queue(places, moves):
    """Against the plain model: a list of those inside, and a queue; a move joins, or someone of any kind leaves."""
    gate, inside, queue = Gate(places), [], deque()
    for move in moves:
        everyone = inside + list(queue)
        if move < 5 or not everyone:
            turn = gate.join()
            assert turn.ahead == len(queue)
            (queue if len(inside) == places else inside).append(turn)
        else:
            leaving = everyone[move % len(everyone)]
            gate.leave(leaving)
            (inside if leaving in inside else queue).remove(leaving)
            if queue and len(inside) < places:
                inside.append(queue.popleft())
        assert all(turn.come.is_set() for turn in inside) and not any(turn.come.is_set() for turn in queue)
        assert [turn.number for turn in queue] == sorted(turn.number for turn in queue)


def test_threads_pass_in_the_order_they_came_and_never_too_many_at_once():
    gate, order, lock, inside, most = Gate(2), [], threading.Lock(), 0, 0
    first = [gate.join(), gate.join()]
    turns = [gate.join() for _ in range(20)]

    def infer(turn):
        nonlocal inside, most
        assert turn.come.wait(LONG)
        with lock:
            inside, most = inside + 1, max(most, inside + 1)
            order.append(turn.number)
        with lock:
            inside -= 1
        gate.leave(turn)

    threads = [threading.Thread(target=infer, args=(turn,)) for turn in reversed(turns)]
    for thread in threads:
        thread.start()
    gate.leave(first[0])  # one place: the others come through it one after the other
    for thread in threads:
        thread.join(LONG)
    assert order == [turn.number for turn in turns] and most == 1
    assert gate.join().come.is_set() and not gate.join().come.is_set()
