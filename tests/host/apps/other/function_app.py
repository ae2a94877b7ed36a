"""Another app, with a module of the same name."""

import azure.functions as func
import greeting

app = func.FunctionApp()


@app.route(route="greeting")
def greet(req: func.HttpRequest) -> str:
    return f"{greeting.TEXT} by {req.method}"
