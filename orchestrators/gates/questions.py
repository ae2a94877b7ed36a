"""Asks somebody who answers later, at an address of ours."""

from typing import Any

from orchestrators.engine import Steps
from orchestrators.gates.run import AskingRun
from rollout.base import ArmError
from rollout.callbacks import POST_QUESTION, Asking, CallbackAnswer, Posted, PostQuestion

type _Run = AskingRun[Any, Any, Any]


def ask_by_callback(run: _Run, asking: Asking) -> Steps[CallbackAnswer | Posted]:
    """Post the question; the same one again, as long as its time is not over. Returns the answer if
    that is there already, or else what came of the POST: `answer_to` has the answer later.
    """
    run.progress = run.progress.asking(asking, run.now)
    if answer := answer_to(run, asking):
        return answer
    run.publish()  # who answers is let in by what is published
    question = run.progress.questions.open[asking.about]
    task = PostQuestion(asking=asking, question=question, now=run.now)
    posted = yield from run.activities.call_once(POST_QUESTION, task)
    if isinstance(posted, ArmError):
        posted = Posted(delivered=False, message=str(posted))
    if posted.delivered:
        run.progress = run.progress.taking(asking.about)
    return answer_to(run, asking) or posted


def answer_to(run: _Run, asking: Asking) -> CallbackAnswer | None:
    """The answer to that, which is counted herewith; None as long as there is none."""
    answer = run.progress.questions.answer_to(asking.about, asking.subject)
    if answer is not None:
        run.progress = run.progress.answered(asking.about)
        run.publish()
    return answer
