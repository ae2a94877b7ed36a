from typing import Any

import pytest

from rollout.base import differences


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        ({}, {}, []),
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2}, ["a"]),
        ({"a": 1}, {"b": 1}, ["a", "b"]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1, "c": 3}}, ["a.c"]),
        ({"a": {"b": 1}}, {}, ["a"]),
        ({"a": [1, 2]}, {"a": [2, 1]}, ["a"]),
        (1, 2, ["$"]),
    ],
)
def test_each_field_that_differs_has_its_path(before: Any, after: Any, paths: list[str]) -> None:
    assert list(differences(before, after)) == paths
