"""`make demo`: one rollout, seen live, from nothing to the result, with nothing left behind."""
