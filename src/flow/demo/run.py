"""`flow demo`: database, simulation, providers, web process and worker in one go, stopped together by Ctrl-C."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import typer

from flow.database.installation import Installation, installation
from flow.demo.providers.connecting import connect_restaurants, follow_simulator
from flow.demo.simulation import DEMO_LOGINS, DEMO_PASSWORD, is_simulated, simulate
from flow.errors import FlowError
from flow.jobs.schema import install_queue
from flow.settings import Settings

_START_SECONDS = 30.0
_STOP_SECONDS = 25.0
_LOOPBACK = "127.0.0.0/8"
_PROVIDERS_ABOVE = 10  # the simulated providers are so many ports above the web process


class DemoFailed(FlowError):
    """The demonstration could not start."""

    code = "demo_failed"


def run_demo(settings: Settings, *, size: float = 1.0) -> None:
    """Starts everything, prints address and log-ins, and waits; every process ends with this one."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, _interrupt)
    place = installation(settings)
    _step("Starting PostgreSQL" if place.server else "Connecting to PostgreSQL", began)
    try:
        with place.running():
            _step("Bringing the schema up to date", began)
            place.prepare(install_queue, flavour=settings.database_flavour)
            _simulate(place, size, began)
            asyncio.run(follow_simulator(place, _providers_url(settings)))
            with _processes(settings) as processes:
                _step("Starting the web process, the worker and the simulated providers", began)
                _wait_until_ready(f"http://{settings.host}:{settings.port}/api/health/ready", processes)
                _connect(settings, place, processes, began)
                _announce(settings, time.monotonic() - began)
                _wait(processes)
    except KeyboardInterrupt:
        typer.echo("Stopped.")


def _simulate(place: Installation, size: float, began: float) -> None:
    if is_simulated(place):
        _step("The simulated restaurants are there already", began)
        return
    _step("Simulating a year of four restaurants", began)
    simulate(place, size=size, progress=lambda text: _step(text, began))


def _connect(settings: Settings, place: Installation, processes: list[subprocess.Popen[bytes]], began: float) -> None:
    _step("Connecting the restaurants with the simulated providers", began)
    providers = _providers_url(settings)
    _wait_until_ready(f"{providers}/control/knobs", processes)
    for each in asyncio.run(connect_restaurants(place, providers, settings.base_url)):
        _step(f"{each.restaurant} has no {each.provider}: {each.problem}", began)


def _providers_port(settings: Settings) -> int:
    return settings.port + _PROVIDERS_ABOVE


def _providers_url(settings: Settings) -> str:
    return f"http://127.0.0.1:{_providers_port(settings)}"


@contextmanager
def _processes(settings: Settings) -> Iterator[list[subprocess.Popen[bytes]]]:
    # Simulated visitors and the reader's own headless look count as visits in a demonstration.
    environment = {
        "FLOW_LOG_LEVEL": "warning",
        "FLOW_WEBHOOK_NETWORKS": _LOOPBACK if _is_at_home(settings) else "",
        **os.environ,
        "FLOW_ALLOW_HEADLESS": "true",
        "FLOW_HOME": str(settings.home),
        "FLOW_DEMO_LOGINS": _demo_logins(),
        "FLOW_PROVIDER_SIMULATOR": _providers_url(settings),
    }
    simulate = ("providers", "simulate", "--port", str(_providers_port(settings)))
    commands = (("serve",), ("work",), (*simulate, "--keep", str(settings.home / "providers.json")))
    started = [_start(command, environment) for command in commands]
    try:
        yield started
    finally:
        for process in started:
            process.terminate()
        for process in started:
            _end(process)


def _is_at_home(settings: Settings) -> bool:
    """Whether nobody but this machine reaches the demonstration: then webhooks may be tried on this machine too."""
    return settings.public_url is None and settings.host in ("127.0.0.1", "localhost", "::1")


def _demo_logins() -> str:
    logins = [{"email": login.email, "password": DEMO_PASSWORD, "what": login.what} for login in DEMO_LOGINS]
    return json.dumps(logins)


def _start(command: tuple[str, ...], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-m", "flow", *command]
    # A session of its own: Ctrl-C reaches this process alone, which then stops the others in order.
    return subprocess.Popen(arguments, env=environment, start_new_session=True)  # noqa: S603


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_until_ready(address: str, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if any(process.poll() is not None for process in processes):
            raise DemoFailed(
                "A process ended while starting; its last lines are above. Is the port taken? See FLOW_PORT."
            )
        try:
            if httpx.get(address, timeout=1).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise DemoFailed(f"{address} did not answer within {_START_SECONDS:.0f} s.")


def _wait(processes: list[subprocess.Popen[bytes]]) -> None:
    while all(process.poll() is None for process in processes):
        time.sleep(0.5)
    raise DemoFailed("A process ended by itself; its last lines are above.")


def _announce(settings: Settings, seconds: float) -> None:
    typer.echo(f"\nFLOW is on screen after {seconds:.0f} s:  {typer.style(settings.base_url, bold=True)}\n")
    typer.echo(f"Log in with the password {typer.style(DEMO_PASSWORD, bold=True)} as")
    for login in DEMO_LOGINS:
        typer.echo(f"  {login.email:<28} {login.what}")
    typer.echo(f"\nBuy a pizza:  {settings.base_url}/shop/napoli  and see it arrive on the dashboard.")
    typer.echo(f"Be guest, courier or bookkeeper at the simulated providers:  {_providers_url(settings)}")
    typer.echo("All data are simulated. Ctrl-C stops everything; a second start keeps the data.\n")


def _step(text: str, began: float) -> None:
    typer.echo(f"{time.monotonic() - began:6.1f} s  {text}")


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt
