"""Reads the scale sets there are, for people who have no rollout yet."""

from compute.scale_set_list import list_scale_sets, view_scale_set

__all__ = ["list_scale_sets", "view_scale_set"]
