"""The composition root: registers the doors, the story and the hands. No logic."""

import azure.durable_functions as df
import azure.functions as func

import activities
import orchestrators
import triggers
from activities.inspection import inspect

app = df.DFApp(http_auth_level=func.AuthLevel.FUNCTION)
app.register_functions(triggers.blueprint(inspect))
app.register_functions(orchestrators.blueprint())
app.register_functions(activities.blueprint())
