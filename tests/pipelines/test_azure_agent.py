"""What only Azure Pipelines does."""

import azure_agent
from pipeline_run import Machine
from story import NEW, System

SMALL = {"capacity": 2, "updateDomains": 2}


def test_who_cancels_reads_how_to_come_back(system: System, machine: Machine) -> None:
    """Also if the agent has killed the step before it could say so: a step of its own does."""
    scale_set = system.scale_set(**SMALL)
    machine.on_line = lambda line: machine.process.kill() if "variable=id" in line else None
    parameters = {"app": system.host.url, "command": "start", "scaleSet": scale_set, "image": NEW}
    done = azure_agent.play(machine, parameters, cancelled=True)
    (warning,) = done.warnings
    assert warning.startswith(f"The pipeline was cancelled; if {done.outputs['id']} was started")
    assert done.log[-1].startswith(f"Come back: vmss-rollout watch {done.outputs['id']}")


def test_a_service_connection_signs_in(system: System, machine: Machine) -> None:
    parameters = {
        "app": system.host.url,
        "scaleSet": system.scale_set(**SMALL),
        "image": NEW,
        "azureSubscription": "connection",
        "name": "planned",
    }
    done = azure_agent.play(machine, parameters)
    assert done.code == 0
    assert "plan" in done.outputs


def test_a_secret_that_is_not_set_is_said_and_never_sent(system: System, machine: Machine) -> None:
    """Azure Pipelines leaves its name in its place, as in runs for forks."""
    parameters = {
        "app": system.host.url,
        "key": "$(ROLLOUT_KEY)",
        "scaleSet": system.scale_set(**SMALL),
        "image": NEW,
    }
    done = azure_agent.play(machine, parameters)
    assert done.code == 2
    assert done.errors[0].startswith("The variable $(ROLLOUT_KEY) is not set")
    given = azure_agent.play(machine, parameters, variables={"ROLLOUT_KEY": "the-key"})
    assert given.code == 0
