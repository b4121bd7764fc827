import ast

from tests.architecture.house import NOT_SHIPPED, ROOT, pyproject, rooms, sources, tree


def test_the_same_rooms_are_walled_shipped_and_checked() -> None:
    """A folder that became a package is shipped, walled by import-linter and known to deptry, or the build is red."""
    house = pyproject()["tool"]

    assert rooms() == sorted(house["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert rooms() == sorted(house["importlinter"]["root_packages"])
    assert rooms() == sorted(house["deptry"]["known_first_party"])


def test_no_python_lies_outside_a_package() -> None:
    """Every Python file stands in a package, where the walls can see it."""
    stray = [
        path.relative_to(ROOT).as_posix()
        for path in sources(*rooms(), *NOT_SHIPPED)
        if not (path.parent / "__init__.py").exists() and path.parts[len(ROOT.parts)] not in NOT_SHIPPED
    ]

    assert stray == []
    assert list(ROOT.glob("*.py")) == []


def test_every_package_says_what_lives_there_and_what_must_not() -> None:
    """Each package opens with one paragraph of its own, not a line: what lives here, what never may, why."""
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in sources()
        if path.name == "__init__.py" and len((ast.get_docstring(tree(path)) or "").split()) < 25
    ]

    assert silent == []


def test_every_module_opens_with_its_purpose() -> None:
    """Each module of a room begins with a docstring, so that a newcomer can choose what to read."""
    assert [path.relative_to(ROOT).as_posix() for path in sources() if not ast.get_docstring(tree(path))] == []
