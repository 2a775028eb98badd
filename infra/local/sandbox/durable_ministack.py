"""MiniStack as it is, but for who may do what (a question, signatures, wildcards), for the times of schedules, and for its
state, which outlives a SIGKILL.

By itself it saves its state at a graceful end only. This starts its own `main` and beside it saves once a second, as
Redis does: a fork has the memory as it was at one moment, and writes it while the emulator goes on. The fork is made on
the event loop, between two requests, so that no request is half in it.
"""

import copy
import gc
import json
import logging
import os
import signal
import sys
import threading
import time
import traceback
from concurrent.futures import Future

import authorization  # noqa: F401
import schedules  # noqa: F401
import signatures  # noqa: F401
import wildcards  # noqa: F401
from ministack import app
from ministack.core import persistence
from ministack.services import ecs

INTERVAL_SECONDS = 1.0
CHECKPOINT_LIMIT_SECONDS = 10
FAILURES_UNTIL_END = 5


def states() -> list[tuple[str, object]]:
    """Every service's state in the order in which it is written: should the end come in between, the table that says
    how to undo a change of a service is never older than that service."""
    readers = app._build_persistence_save_dict()
    order = sorted(readers, key=lambda name: {"dynamodb": 0, "ecs": 2}.get(name, 1))
    return [(name, readers[name]()) for name in order]


def write_checkpoint() -> None:
    for name, state in states():
        # A service without a state has nothing to keep; what an earlier checkpoint has of it stays.
        if state is not None:
            write_if_changed(os.path.join(persistence.STATE_DIR, f"{name}.json"), encoded(name, state))


def encoded(name: str, state: object) -> bytes:
    # The emulator's own way, json.dump, takes more than twice as long: it encodes in Python.
    wrapped = {"__ministack_format__": persistence._state_format_version(name), "payload": state}
    return json.dumps(wrapped, default=persistence._json_default).encode()


def write_if_changed(path: str, content: bytes) -> None:
    if os.path.exists(path):
        with open(path, "rb") as file:
            if file.read() == content:
                return
    with open(f"{path}.new", "wb") as file:
        file.write(content)
    os.replace(f"{path}.new", path)


def fork_checkpoint() -> int:
    """The pid of a process that writes a checkpoint and ends with 0."""
    pid = os.fork()
    if pid != 0:
        return pid
    try:
        # Connections have to end when the emulator ends them, not when this has written its files.
        os.closerange(3, os.sysconf("SC_OPEN_MAX"))
        # A lock that another thread held at the fork stays locked in here.
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        signal.alarm(CHECKPOINT_LIMIT_SECONDS)
        gc.disable()
        # Nobody else changes this process's memory: the copies that services make of theirs are not needed.
        copy.deepcopy = lambda value, memo=None: value
        write_checkpoint()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(1)


def on_event_loop(work):
    """What `work` returns when the event loop has run it between two requests."""
    result = Future()

    def run():
        try:
            result.set_result(work())
        except BaseException as error:
            result.set_exception(error)

    app._MAIN_LOOP.call_soon_threadsafe(run)
    return result.result()


def save_for_ever() -> None:
    # Until it has restored its state there is none to save.
    while app._ready_scripts_state["status"] != "completed":
        time.sleep(0.05)
    failures = 0
    while failures < FAILURES_UNTIL_END:
        _, status = os.waitpid(on_event_loop(fork_checkpoint), 0)
        failures = failures + 1 if status else 0
        time.sleep(INTERVAL_SECONDS)
    end("its state could not be saved")


def end(reason: str) -> None:
    """An emulator that is not durable when it should be is of no use to anyone."""
    print(f"MiniStack ends: {reason}", file=sys.stderr, flush=True)
    os._exit(1)


class NotRestored(logging.Handler):
    """The emulator logs what it cannot restore and goes on without it, as if it had never been there."""

    def emit(self, record: logging.LogRecord) -> None:
        end(f"its state could not be restored: {self.format(record)}")


def restore() -> None:
    complaints = NotRestored(logging.ERROR)
    logging.getLogger().addHandler(complaints)
    restore_services()
    logging.getLogger().removeHandler(complaints)
    bury_tasks()


def bury_tasks() -> None:
    """Tasks that ran at the end are restored as stopped but still wanted, which makes them listed as running."""
    for task in ecs._tasks.all_values():
        if task["lastStatus"] != "STOPPED" or task["desiredStatus"] == "STOPPED":
            continue
        task.update(desiredStatus="STOPPED", stoppedReason="Essential container in task exited")
        task.update(stopCode="EssentialContainerExited", stoppingAt=ecs._iso(), stoppedAt=ecs._iso())
        for container in task.get("containers", []):
            container.update(lastStatus="STOPPED", exitCode=128 + signal.SIGKILL)


restore_services = app._load_persisted_state
app._load_persisted_state = restore
threading.Thread(target=save_for_ever, name="checkpoint", daemon=True).start()
app.main()
