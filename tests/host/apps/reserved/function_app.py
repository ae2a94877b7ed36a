"""An app with a route that the Functions host keeps for itself."""

import azure.functions as func

app = func.FunctionApp()


@app.route(route="runtime/mine")
def mine(req: func.HttpRequest) -> str:
    return req.url
