"""Questions that are answered later: we POST them with an address of ours, and whoever was asked
calls that when they know. Nothing here knows what is asked, or why.
"""

from rollout.callbacks.answer import (
    ANSWER,
    ANSWERS_HEARD,
    CallbackAnswer,
    CallbackVerdict,
    HeardAnswer,
    TakenAnswer,
)
from rollout.callbacks.posting import (
    POST_QUESTION,
    Asking,
    CallbackTarget,
    Posted,
    PostQuestion,
)
from rollout.callbacks.questions import (
    OpenQuestion,
    Questions,
    ShownQuestion,
    may_be_open,
    uncounted,
)
from rollout.callbacks.ticket import LONGEST_TOKEN, Ticket, looks_like_token, read_token, token_of

__all__ = [
    "ANSWER",
    "ANSWERS_HEARD",
    "LONGEST_TOKEN",
    "POST_QUESTION",
    "Asking",
    "CallbackAnswer",
    "CallbackTarget",
    "CallbackVerdict",
    "HeardAnswer",
    "OpenQuestion",
    "PostQuestion",
    "Posted",
    "Questions",
    "ShownQuestion",
    "TakenAnswer",
    "Ticket",
    "looks_like_token",
    "may_be_open",
    "read_token",
    "token_of",
    "uncounted",
]
