"""An address that only the app can have made."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from rollout.callbacks import LONGEST_TOKEN, Ticket, read_token, token_of

KEY, OTHER = b"k" * 32, b"o" * 32
tickets = st.builds(
    Ticket,
    instance=st.from_regex(r"[a-z0-9~\-]{1,100}(:rollback)?", fullmatch=True),
    question=st.from_regex(r"[0-9a-f]{16}-[0-9a-f]{11}-[0-9]{1,4}", fullmatch=True),
    expires=st.integers(0, 2**33),
)


@given(tickets)
def test_what_was_written_is_read_with_that_key_alone(ticket: Ticket) -> None:
    token = token_of(ticket, KEY)
    assert read_token(token, KEY) == ticket
    assert read_token(token, OTHER) is None
    assert len(token) <= min(LONGEST_TOKEN, 260)


@given(tickets, st.data())
def test_no_letter_of_it_can_be_another(ticket: Ticket, data: st.DataObject) -> None:
    token = token_of(ticket, KEY)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(st.sampled_from("ABCDEFxyz019-_"))
    changed = token[:place] + letter + token[place + 1 :]
    assert read_token(changed, KEY) in ({None, ticket} if place == len(token) - 1 else {None}) or (
        changed == token
    )


@given(st.text(max_size=500))
def test_nothing_else_is_one(text: str) -> None:
    assert read_token(text, KEY) is None


def test_it_expires() -> None:
    ticket = Ticket("r1", "q", 1_780_000_000)
    assert not ticket.late(datetime.fromtimestamp(1_780_000_000, UTC))
    assert ticket.late(datetime.fromtimestamp(1_780_000_001, UTC))
