"""A module of this app, with the same name as one of another app."""

import azure.durable_functions as df
import azure.functions as func

blueprint = df.Blueprint()


@blueprint.route(route="greeting", methods=["GET"])
def greeting(req: func.HttpRequest) -> func.HttpResponse:
    return func.HttpResponse(f"hello from web, {req.params.get('name', 'you')}")
