"""How Azure tells of what failed: a reason in one line, and details that are kilobytes.

Seen with the Durable extension 3.19: the details are a serialized .NET exception with its stack;
a worker that dies fails its activity ("exited with code 137"), and its orchestration's whole
instance ("Non-Deterministic workflow detected").
"""

import json

from local.host.app import WorkerDied
from local.host.replay import Event, EventType

KILLED = "python exited with code 137 (0x89)"
_SCRIPT = "Microsoft.Azure.WebJobs.Script.Description"
_HOST = "Microsoft.Azure.WebJobs.Host.Executors"
STACK = f"""\
   at {_SCRIPT}.WorkerFunctionInvoker.InvokeCore(Object[] parameters, FunctionInvocationContext c)
   at {_SCRIPT}.FunctionInvokerBase.Invoke(Object[] parameters)
   at {_HOST}.VoidTaskMethodInvoker`2.InvokeAsync(TReflected instance, Object[] arguments)
   at {_HOST}.FunctionInvoker`2.InvokeAsync(Object instance, Object[] arguments)
   at {_HOST}.FunctionExecutor.InvokeWithTimeoutAsync(IFunctionInvoker invoker, ILogger logger)
   at {_HOST}.FunctionExecutor.ExecuteWithWatchersAsync(IFunctionInstanceEx instance, ILogger log)
   at {_HOST}.FunctionExecutor.ExecuteWithLoggingAsync(IFunctionInstanceEx instance, ILogger log)
   at {_HOST}.FunctionExecutor.TryExecuteAsync(IFunctionInstance instance, CancellationToken token)
   at {_HOST}.TriggeredFunctionExecutor`1.TryExecuteAsync(TriggeredFunctionData input)"""


def of_activity(name: str, error: BaseException) -> tuple[str, str]:
    """Reason and details of an activity that failed, or whose worker died."""
    said = str(error) if isinstance(error, WorkerDied) else f"{type(error).__name__}: {error}"
    return f"Activity function '{name}' failed:  {said}", _serialized(f"Functions.{name}", said)


def of_orchestrator(name: str, error: str) -> tuple[str, str]:
    """Reason and details of an orchestration that failed."""
    details = f"Message: {error}, StackTrace: {STACK}"
    return f"Orchestrator function '{name}' failed: {error}", details


def of_lost_turn(past: list[Event]) -> str:
    """What an orchestration is told to have done whose worker died in a turn: nothing of what its
    history holds, because there was no answer.
    """
    kinds = {EventType.TASK_SCHEDULED, EventType.CHILD_CREATED, EventType.TIMER_CREATED}
    lost = next((event for event in past if event["EventType"] in kinds), None)
    if lost is None:
        return KILLED
    return (
        "Non-Deterministic workflow detected: A previous execution of this orchestration scheduled "
        f"a task with sequence ID {lost['EventId']} ({EventType(lost['EventType']).name} "
        f"{lost.get('Name', '')!r}), but the current replay execution hasn't (yet?) scheduled this "
        "task. Was a change made to the orchestrator code after this instance had already started "
        "running?"
    )


def _serialized(function: str, said: str) -> str:
    inner = _exception("Microsoft.Azure.WebJobs.Script.Workers.Rpc.RpcException", said, None)
    message = f"Exception while executing function: {function}"
    outer = _exception("Microsoft.Azure.WebJobs.Host.FunctionInvocationException", message, inner)
    return json.dumps(outer)


def _exception(kind: str, message: str, inner: dict[str, object] | None) -> dict[str, object]:
    """The fields that .NET's own serialization of an exception has."""
    return {
        "ClassName": kind,
        "Message": message,
        "Data": None,
        "InnerException": inner,
        "HelpURL": None,
        "StackTraceString": STACK,
        "RemoteStackTraceString": None,
        "RemoteStackIndex": 0,
        "ExceptionMethod": None,
        "HResult": -2146233088,
        "Source": "System.Private.CoreLib",
    }
