import pytest

from rollout.inventory import ImageVersion, latest_first


@pytest.mark.parametrize(
    ("version", "flaw"),
    [
        (ImageVersion("1"), None),
        (ImageVersion("1", replication="Completed"), None),
        (ImageVersion("1", life="ScheduledForDeprecation"), None),
        pytest.param(ImageVersion("1", excluded=True), None, id="excluded matters to latest only"),
        (ImageVersion("1", life="Deprecated"), "is Deprecated: Azure creates no new disks from it"),
        pytest.param(ImageVersion("1", life="SoftDeleted"), None, id="deleted, but there by name"),
        (ImageVersion("1", state="Creating"), "is Creating, not Succeeded"),
        (
            ImageVersion("1", in_region=False),
            "is not replicated to westus: bring it to that region first",
        ),
        (
            ImageVersion("1", replication="Replicating"),
            "is not there yet: its replication to westus is Replicating",
        ),
    ],
)
def test_the_flaw_of_a_version(version: ImageVersion, flaw: str | None) -> None:
    assert version.flaw("westus") == flaw


@pytest.mark.parametrize(
    ("version", "caution"),
    [
        (ImageVersion("1"), None),
        (ImageVersion("1", life="ScheduledForDeprecation"), "is scheduled for deprecation"),
        (
            ImageVersion("1", life="ScheduledForDeprecation", life_ends="2027-01-01T00:00:00Z"),
            "is scheduled for deprecation on 2027-01-01T00:00:00Z",
        ),
        (
            ImageVersion("1", life_ends="2027-01-01T00:00:00Z"),
            "has its end of life on 2027-01-01T00:00:00Z",
        ),
        (ImageVersion("1", life="SoftDeleted"), "was deleted by its owner"),
        (
            ImageVersion("1", life="SoftDeleted", life_ends="2027-01-01T00:00:00Z"),
            "was deleted by its owner, and can be used until 2027-01-01T00:00:00Z",
        ),
    ],
)
def test_what_to_know_of_a_version(version: ImageVersion, caution: str | None) -> None:
    assert version.caution() == caution


def test_latest_is_the_highest_number_that_is_neither_excluded_nor_deleted() -> None:
    versions = [
        ImageVersion("1.9.0"),
        ImageVersion("1.10.0"),
        ImageVersion("2.0.0", excluded=True),
        ImageVersion("3.0.0", life="SoftDeleted"),
    ]
    assert [version.version for version in latest_first(versions)] == ["1.10.0", "1.9.0"]
