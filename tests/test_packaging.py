"""What is shipped beside the code says what the code does: locks, image, compose file, example settings, CI."""

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from clicker.cli.up import BOT, MIGRATE, WEB, WORKER
from clicker.settings import Settings

ROOT = Path(__file__).parents[1]
PYTHON_LOCKS = [
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-bootstrap.txt",
    "requirements-audit.txt",
]
ADDRESS = re.compile(r"\w+://|\bwww\.|(^|\s)/\w|--(extra-)?index-url|--find-links", re.MULTILINE)


def read(name):
    return (ROOT / name).read_text()


def validate(schema, name):
    argv = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(ROOT / name)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def compose():
    return YAML(typ="safe").load(read("docker-compose.yml"))


def test_the_compose_file_and_the_workflow_are_valid():
    validate("vendor.compose-spec", "docker-compose.yml")
    validate("vendor.github-workflows", ".github/workflows/ci.yml")


@pytest.mark.parametrize(
    ("service", "arguments"),
    [("web", WEB), ("bot", BOT), ("worker", WORKER), ("migrate", MIGRATE)],
)
def test_compose_runs_the_very_commands_that_flask_up_runs(compose, service, arguments):
    assert compose["services"][service]["command"] == ["python", *arguments]


def test_the_image_runs_the_web_process_unless_told_otherwise():
    command = re.findall(r"^CMD (.*)$", read("Dockerfile"), re.MULTILINE)[-1]
    assert json.loads(command) == ["python", *WEB]


def test_the_web_service_can_be_scaled(compose):
    assert not {"container_name", "ports"} & set(compose["services"]["web"])
    assert "server web:8000 resolve;" in read("deploy/nginx.conf")


def test_every_long_running_service_is_restarted_and_watched(compose):
    image_is_watched = "HEALTHCHECK" in read("Dockerfile")
    for name, service in compose["services"].items():
        assert "restart" in service, name
        assert "healthcheck" in service or (name == "web" and image_is_watched), name


def test_the_hot_store_of_compose_fsyncs_and_evicts_nothing(compose):
    command = " ".join(compose["services"]["valkey"]["command"])
    for option in ("--appendonly yes", "--appendfsync always", "--maxmemory-policy noeviction"):
        assert option in command


def test_secrets_reach_the_containers_as_files(compose):
    environment = compose["services"]["web"]["environment"]
    for name in ("BOT_TOKEN", "SECRET_KEY", "DATABASE_URL"):
        assert environment[f"{name}_FILE"] == f"/run/secrets/{name.lower()}"
        assert not environment[name]


def test_containers_of_ours_are_read_only_and_without_rights(compose):
    for name in ("web", "bot", "worker", "migrate"):
        service = compose["services"][name]
        assert service["read_only"]
        assert service["tmpfs"] == ["/tmp"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert not {"privileged", "user", "cap_add", "volumes", "ports"} & set(service)
    assert re.search(r"^USER \d+$", read("Dockerfile"), re.MULTILINE)


def test_no_container_gains_rights(compose):
    for name, service in compose["services"].items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service.get("read_only") or name == "postgres", name


def test_the_stores_of_compose_are_not_reached_from_outside(compose):
    published = {name for name, service in compose["services"].items() if "ports" in service}
    assert published == {"proxy"}
    assert compose["networks"]["stores"]["internal"]
    for name, service in compose["services"].items():
        if name in ("postgres", "valkey"):
            assert service["networks"] == ["stores"]
        else:
            assert ("stores" in service.get("networks", ())) == (name != "proxy")


def test_everything_that_the_image_copies_is_let_through_by_dockerignore():
    allowed = {line[1:] for line in read(".dockerignore").splitlines() if line.startswith("!")}
    for sources in re.findall(r"^COPY (?!--from)(.+) \S+$", read("Dockerfile"), re.MULTILINE):
        for source in sources.split():
            assert source.split("/")[0] in allowed, source
            assert (ROOT / source).exists(), source


def test_the_proxy_passes_sockets_and_limits_bodies():
    conf = read("deploy/nginx.conf")
    for line in ("proxy_set_header Upgrade $http_upgrade;", "client_max_body_size 64k;", "gzip on;"):
        assert line in conf


def test_forwarded_headers_are_believed_only_from_where_a_proxy_may_stand(compose):
    conf = read("deploy/nginx.conf")
    assert set(re.findall(r"X-Forwarded-For (\S+);", conf)) == {"$forwarded_for"}
    assert set(re.findall(r"X-Forwarded-Proto (\S+);", conf)) == {"$scheme_seen"}
    networks = compose["services"]["web"]["environment"]["TRUSTED_PROXIES"].removeprefix(
        "${TRUSTED_PROXIES:-"
    )
    assert Settings.from_env({"TRUSTED_PROXIES": networks.removesuffix("}")}).trusted_proxies


def test_the_example_names_every_setting_with_its_default():
    pairs = dict(re.findall(r"^([A-Z_]+)=(.*)$", read(".env.example"), re.MULTILINE))
    assert set(pairs) == {name.upper() for name in Settings.__dataclass_fields__}
    assert Settings.from_env(pairs) == Settings()


@pytest.mark.parametrize("name", PYTHON_LOCKS)
def test_python_locks_have_hashes_and_no_address(name):
    lock = read(name)
    assert not ADDRESS.search(lock)
    for package in re.split(r"\n(?=\w)", lock):
        assert re.match(r"[\w.\[\]-]+==\S+", package), package
        assert "--hash=sha256:" in package, package


def test_what_development_and_production_share_has_one_version():
    def versions(name):
        return dict(re.findall(r"^([\w.-]+)(?:\[[\w,-]+\])?==(\S+)", read(name), re.MULTILINE))

    development = versions("requirements-dev.txt")
    assert versions("requirements.txt").items() <= development.items()


def test_the_npm_lock_has_hashes_and_no_address_and_is_exact():
    lock = json.loads(read("package-lock.json"))
    assert "://" not in json.dumps(lock)
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert all(entry["integrity"] for entry in packages.values())
    wanted = json.loads(read("package.json"))["dependencies"]
    assert wanted == {name: packages[f"node_modules/{name}"]["version"] for name in wanted}


def test_continuous_integration_runs_what_make_test_runs(compose):
    workflow = YAML(typ="safe").load(read(".github/workflows/ci.yml"))
    steps = workflow["jobs"]["test"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["bash .ci/run"]
    assert read(".ci/run").splitlines()[-1] == "make test"


def test_the_workflow_has_few_rights_and_names_actions_by_commit(compose):
    text = read(".github/workflows/ci.yml")
    workflow = YAML(typ="safe").load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert "secrets." not in text
    used = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action) for action in used), used
    assert workflow["jobs"]["audit"]["steps"][-1]["run"] == "make audit"


def test_packages_are_installed_by_their_hashes_and_run_nothing():
    for text in (read("Makefile"), read("Dockerfile")):
        installs = re.findall(r"pip install .*?-r \S+", text.replace("\\\n", " "))
        assert installs
        assert all("--require-hashes" in line for line in installs), installs
        assert re.findall(r"npm (?:ci|install) .*", text)
        assert all("--ignore-scripts" in line for line in re.findall(r"npm (?:ci|install) .*", text))


def test_security_rules_are_on():
    lint = tomllib.loads(read("pyproject.toml"))["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    assert [rule for rule in lint["ignore"] if rule.startswith("S")] == ["S603"]
    assert not [
        path for path, rules in lint["per-file-ignores"].items() if "S" in rules and "clicker" in path
    ]


def test_make_help_names_every_command():
    done = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, timeout=10, check=True)
    for target in ("setup", "run", "test", "lint", "lock", "audit", "vendor", "screenshots", "i18n", "clean"):
        assert f"make {target} " in done.stdout
