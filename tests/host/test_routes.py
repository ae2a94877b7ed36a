"""Route templates, as ASP.NET Core and the Functions host read them."""

import pytest

from local.host.app.functions import Function
from local.host.http.routes import RouteError, Routes


def function(name: str, route: str | None = None, *methods: str) -> Function:
    binding = {"route": route, "methods": list(methods)}
    return Function(name, name, "httpTrigger", "req", binding, ())


def found(routes: Routes, path: str, method: str = "GET") -> tuple[str, dict[str, str]] | None:
    match = routes.find(method, path)
    return None if match is None else (match[0].name, match[1])


@pytest.mark.parametrize(
    ("template", "path", "parameters"),
    [
        ("a/{id}", "a/1", {"id": "1"}),
        ("a/{id:int}", "a/-1", {"id": "-1"}),
        ("a/{id:int}", "a/x", None),
        ("a/{id:int:min(5)}", "a/4", None),
        ("a/{id:range(1,5)}", "a/5", {"id": "5"}),
        (
            "a/{id:guid}",
            "a/0f8fad5b-d9cb-469f-a165-70867728950e",
            {"id": "0f8fad5b-d9cb-469f-a165-70867728950e"},
        ),
        ("a/{id:bool}", "a/True", {"id": "True"}),
        ("a/{id:double}", "a/1.5", {"id": "1.5"}),
        ("a/{id:alpha}", "a/b1", None),
        ("a/{id:length(2)}", "a/bc", {"id": "bc"}),
        ("a/{id:maxlength(2)}", "a/bcd", None),
        ("a/{id:regex(^b/?c$)}", "a/bc", {"id": "bc"}),
        ("a/{id?}", "a", {}),
        ("a/{id=7}", "a", {"id": "7"}),
        ("a/{*rest}", "a/b/c", {"rest": "b/c"}),
        ("a/{**rest}", "a", {}),
        ("a/b", "A/B/", {}),
        ("a/b", "a//b", None),
        ("a/{id}", "a//", None),
        ("a/b", "a", None),
    ],
)
def test_a_template_matches(template: str, path: str, parameters: dict[str, str] | None) -> None:
    match = found(Routes([function("f", template)], "api"), f"/api/{path}")
    assert match == (None if parameters is None else ("f", parameters))


@pytest.mark.parametrize(
    ("path", "name"),
    [("x/new", "b"), ("x/7", "a"), ("x/seven", "b"), ("x/a/b", "d")],
)
def test_the_first_function_by_name_wins(path: str, name: str) -> None:
    """However precise the route of another one is."""
    routes = Routes(
        [
            function("d", "x/{*rest}"),
            function("c", "x/new"),
            function("b", "x/{id}"),
            function("A", "x/{id:int}"),
        ],
        "",
    )
    assert (found(routes, path) or ("",))[0].lower() == name


def test_without_a_route_the_functions_name_is_the_route() -> None:
    assert found(Routes([function("start")], "api"), "/api/start", "PUT") == ("start", {})


@pytest.mark.parametrize(
    ("functions", "words"),
    [
        ([function("f", "admin/x")], "conflicts with the Functions host's own routes"),
        ([function("f", "runtime")], "conflicts with the Functions host's own routes"),
        ([function("f", "{id:colour}")], "unknown route constraint 'colour'"),
        ([function("f", "a{")], "the braces in 'api/a{' do not match"),
        ([function("f", "{a}-{b}")], "cannot read '{a}-{b}'"),
        ([function("f", "a/{x}"), function("g", "A/{y}")], "'f' and 'g' have the same route"),
    ],
)
def test_what_the_functions_host_refuses_is_refused(functions: list[Function], words: str) -> None:
    with pytest.raises(RouteError, match=words):
        Routes(functions, "api")


def test_one_route_may_have_a_function_per_method() -> None:
    routes = Routes([function("read", "x", "GET"), function("write", "x", "POST")], "api")
    assert found(routes, "/api/x", "POST") == ("write", {})
