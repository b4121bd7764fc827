import ast

from tests.architecture.house import ROOT, nodes, sources

MODULE, FUNCTION = 400, 50


def test_no_module_is_longer_than_a_sitting() -> None:
    """No module of a room has more than 400 lines."""
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in sources()}

    assert {name: length for name, length in lengths.items() if length > MODULE} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    """No function of a room has more than 50 lines."""
    long = {
        f"{where} {node.name}": length
        for where, node in nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        if (length := node.end_lineno - node.lineno + 1) > FUNCTION
    }

    assert long == {}
