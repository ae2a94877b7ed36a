"""The kind http: their URL answers whether the rollout may go on."""

from typing import Literal, Self

from pydantic import Field, JsonValue, model_validator

from rollout.gates.http_call import HttpCall


class HttpGate(HttpCall):
    """Asks a URL. It passes if the status is one of `status` and `condition`, a JMESPath expression
    over the JSON that was answered, is true.
    """

    method: Literal["GET", "POST", "HEAD", "PUT"] | None = Field(
        default=None, description="GET; POST if there is a body."
    )
    body: JsonValue = Field(
        default=None, description="Sent as JSON, with POST and PUT; a text is sent as it is."
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.method == "HEAD" and (self.condition or self.not_yet):
            raise ValueError("method HEAD has no body in which a condition could be read: use GET")
        if self.body is not None and self.sent_as not in {"POST", "PUT"}:
            raise ValueError(f"method {self.method} sends no body: use POST or PUT")
        return self

    @property
    def sent_as(self) -> str:
        return self.method or ("GET" if self.body is None else "POST")
