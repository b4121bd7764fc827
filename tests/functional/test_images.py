"""What the Dockerfile describes, carried out without an engine: copied into an empty folder, and run as nobody."""

import contextlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema  # type: ignore[import-untyped]  # it ships no types
from jsonschema import Draft202012Validator

from rounds.settings import KNOWN
from storage.database import connect
from storage.migrations import migrate
from tests.architecture.house import ROOT
from tests.functional.test_processes import end, serving

DOCKERFILE = (ROOT / "docker" / "Dockerfile").read_text("utf-8")
COMPOSE = yaml.safe_load((ROOT / "docker" / "compose.yaml").read_text("utf-8"))
STAGES = {stage.splitlines()[0].split()[-1]: stage for stage in re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]}
TARGETS = sorted(STAGES.keys() - {"base"})
NOBODY = 65_534
NO_SETTINGS: Mapping[str, str] = MappingProxyType({})
WHAT_IS_THERE = """
import importlib
there = []
for name in "privacy reports.assemble tests docs bench bot.simulator bot.broadcast sauti".split():
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        continue
    there.append(name)
print(there)
"""


@dataclass(frozen=True)
class Image:
    """A target as an engine would leave it: a folder for `/`, and what is said about running it."""

    root: Path
    entry: list[str]
    environment: dict[str, str]
    health: list[str] | None
    volumes: list[str]
    python: Path
    started: list["subprocess.Popen[str]"] = field(default_factory=list)

    def begin(
        self, *arguments: str, command: list[str] | None = None, settings: Mapping[str, str] = NO_SETTINGS
    ) -> "subprocess.Popen[str]":
        """A process in it, with the image's settings and no others, as nobody where that can be chosen."""
        program, *rest = self.entry if command is None else command
        assert program == "python"
        as_nobody: dict[str, Any] = {}
        if os.geteuid() == 0:
            as_nobody = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        process = subprocess.Popen(
            [str(self.python), "-P", *rest, *arguments], cwd=self.root / "app",
            env={"LD_LIBRARY_PATH": str(self.python.parents[1] / "lib")} | self.environment | dict(settings),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **as_nobody,
        )  # fmt: skip
        self.started.append(process)
        return process

    def run(
        self, *arguments: str, command: list[str] | None = None, settings: Mapping[str, str] = NO_SETTINGS
    ) -> tuple[int, str, str]:
        """Its exit code, and what it said on both streams."""
        process = self.begin(*arguments, command=command, settings=settings)
        said, complained = process.communicate(timeout=120)
        return process.returncode, said, complained


@dataclass(frozen=True)
class Machine:
    """What an image's base brings along: an interpreter and the libraries."""

    python: Path
    libraries: Path


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    """Both where nobody can read them: linked, because checkout and interpreter may lie in somebody's closed folder.

    Of the libraries, those that the image installs come along, and neither the rooms nor a line that leads to them.
    """
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    stdlib, left_out = Path(sysconfig.get_path("stdlib")), {"site-packages", "test", "idlelib", "__pycache__"}
    with _open_folder() as folder:
        _linked(str((Path(sys.base_prefix) / "bin" / version).resolve()), folder / "bin" / version)
        shared = Path(sysconfig.get_config_var("LIBDIR"), sysconfig.get_config_var("INSTSONAME"))
        if shared.suffix != ".a":
            _linked(str(shared), folder / "lib" / shared.name)
        shutil.copytree(
            stdlib, folder / "lib" / version, copy_function=_linked, ignore=lambda _at, names: left_out & set(names)
        )
        for name, source in _pinned().items():
            _linked(source, folder / "libraries" / name)
        yield Machine(folder / "bin" / version, folder / "libraries")


def _pinned() -> dict[str, str]:
    """Where each file of the libraries lies that an image installs, by its name below them."""
    pins = re.findall(
        r"^([a-z0-9][a-z0-9._-]*)==", (ROOT / "requirements/runtime.txt").read_text("utf-8"), re.MULTILINE
    )
    found = {}
    for name in pins:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):  # pinned for another system
            for file in importlib.metadata.distribution(name).files or ():
                if not {"..", "__pycache__"} & set(file.parts):
                    found[str(file)] = str(file.locate())
    return found


@contextlib.contextmanager
def _open_folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="sauti-image-", dir="/tmp"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def _linked(source: str, to: str | Path) -> None:
    Path(to).parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, to)
    except OSError:
        shutil.copy2(source, to)


@pytest.fixture(params=TARGETS)
def image(request: pytest.FixtureRequest, machine: Machine) -> Iterator[Image]:
    """Each target that the file describes."""
    with _open_folder() as folder, contextlib.ExitStack() as ends:
        made = _built(request.param, folder, machine)
        ends.callback(_end_all, made)
        yield made


def _end_all(image: Image) -> None:
    for process in image.started:
        if process.poll() is None:
            process.kill()
            process.communicate()


def _built(target: str, folder: Path, machine: Machine) -> Image:
    """Carries out COPY, VOLUME, ENV, HEALTHCHECK and ENTRYPOINT; leaves RUN to an engine."""
    said = STAGES["base"] + STAGES[target].replace("\\\n", " ")
    for source, to in re.findall(r"^COPY (\S+) (\S+)$", said, flags=re.MULTILINE):
        _copy(ROOT / source, folder / "app" / to)
    for path in (folder / "app").rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    volumes = json.loads(re.findall(r"^VOLUME (.+)$", said, flags=re.MULTILINE)[-1])
    for volume in volumes:
        (folder / volume.lstrip("/")).mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(folder / volume.lstrip("/"), NOBODY, NOBODY)
    pairs = re.findall(r"(\S+?)=(\S+)", " ".join(re.findall(r"^ENV (.+)$", said, flags=re.MULTILINE)))
    environment = {name: _within(folder, value, volumes) for name, value in pairs}
    health = re.findall(r"^HEALTHCHECK .*?CMD (\[.+\])$", said, flags=re.MULTILINE)
    return Image(
        folder, json.loads(re.findall(r"^ENTRYPOINT (.+)$", said, flags=re.MULTILINE)[-1]),
        environment | {"PYTHONPATH": f"{folder / 'app'}:{machine.libraries}"},
        json.loads(health[-1]) if health else None, volumes, machine.python,
    )  # fmt: skip


def _copy(source: Path, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, to)


def _within(folder: Path, value: str, volumes: list[str]) -> str:
    """A value of ENV with the places in it moved below `folder`."""
    for volume in volumes:
        value = value.replace(f"/{volume}/", f"/{folder}{volume}/") if "://" in value else value
        value = f"{folder}{value}" if value == volume else value
    return value


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    """A Bot API that the images' bots speak with."""
    with serving("simulator", "--port", "0") as (process, ready):
        yield ready["url"]
        end(process)


def _used_before(image: Image) -> None:
    """A database that is there already: the staff bot makes none."""
    engine = connect(image.environment["SAUTI_DATABASE_URL"])
    migrate(engine)
    engine.dispose()
    for path in (image.root / "data").iterdir():
        if os.geteuid() == 0:
            os.chown(path, NOBODY, NOBODY)


def test_nobody_in_an_image_can_import_what_was_not_copied(image: Image) -> None:
    """As the image's user, the desk's rooms, the simulator and the tests are not there to be imported.

    Proves: D1
    """
    code, said, complained = image.run(command=["python", "-c", WHAT_IS_THERE])

    assert (code, said.strip()) == (0, "['sauti']"), complained


def test_an_image_says_what_it_can_do(image: Image) -> None:
    """Its entry point answers `--help` as nobody, from a folder that it cannot write to."""
    code, said, complained = image.run("--help")

    assert code == 0, complained
    assert "Usage" in said
    assert not os.access(image.root / "app", os.W_OK) or os.geteuid() == 0


@pytest.mark.slow
def test_an_image_that_has_a_health_check_comes_to_pass_it(image: Image, simulator: str) -> None:
    """A process that runs for ever starts as nobody, and its own health check finds it well; ended, it is not."""
    if image.health is None:
        code, said, complained = image.run("round", "status")
        assert (code, json.loads(said)["rounds"]) == (0, []), complained
        return
    _used_before(image)
    token = {"SAUTI_STAFF_BOT_TOKEN": "434343:another-token-that-only-the-simulator-takes"} | {
        "SAUTI_BOT_TOKEN": "424242:a-token-that-only-the-simulator-takes",
        "SAUTI_BOT_API_URL": simulator,
    }
    process = image.begin(settings=token | {"SAUTI_HEALTH_LISTEN": "127.0.0.1:0"})
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, process.communicate()[1]
    at = json.loads(line)["health"]
    check = [part.replace(f"http://{image.environment['SAUTI_HEALTH_LISTEN']}", at) for part in image.health]

    assert image.run(command=check)[0] == 0
    assert [volume for volume in image.volumes if not any((image.root / volume.lstrip("/")).iterdir())] == []
    code, seconds = end(process)
    assert code == 0
    assert seconds < 10
    assert image.run(command=check)[0] == 1


def test_every_target_is_somebody_elses_process() -> None:
    """No target runs as root, and each names its user after the last thing that needs more."""
    for target in TARGETS:
        assert re.search(r"^USER sauti$", STAGES[target], flags=re.MULTILINE), target
        assert not re.search(r"^(RUN|COPY)", STAGES[target].partition("USER sauti")[2], flags=re.MULTILINE), target


def test_the_compose_file_fits_its_schema() -> None:
    """The file is what the Compose Specification describes; a field that it does not know would be seen."""
    judge = Draft202012Validator(get_builtin_schema("vendor.compose-spec"))

    judge.validate(COMPOSE)
    assert not judge.is_valid(COMPOSE | {"services": {"participant": {"no_such_field": 1}}})


def test_the_compose_file_builds_what_the_dockerfile_has() -> None:
    """Each target is one service, hardened, without a port of its own; no secret stands in an environment."""
    ours = {service["build"]["target"]: service for service in COMPOSE["services"].values() if "build" in service}

    assert sorted(ours) == TARGETS
    for service in COMPOSE["services"].values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert not re.search(
            "TOKEN$|SECRET$|PASSWORD$|DATABASE_URL$", " ".join(service.get("environment", ())), re.MULTILINE
        )
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert COMPOSE["services"]["database"]["networks"] == ["inside"]


def test_every_setting_of_the_compose_file_is_known() -> None:
    """No SAUTI_ setting that a process of ours is given is one that it would refuse."""
    for name in TARGETS:
        assert COMPOSE["services"][name]["environment"].keys() <= KNOWN


def test_where_a_secret_is_named_there_is_one() -> None:
    """Each file that a setting names is mounted by a secret of that name."""
    for service in COMPOSE["services"].values():
        named = {Path(value).name for value in service.get("environment", {}).values() if "/run/secrets/" in str(value)}
        assert named == set(service.get("secrets", ())) & COMPOSE["secrets"].keys()
