"""The host's agent: runs commands as root and says that the host lives.

It is told by a serial line what to do, which stays usable whatever is done to the network; the particulars are in a folder
that it can read, and what comes of it goes into one that it can write. It never waits for memory: its pages are locked.

To it:   run <id> | kill <id> | time <n> | adjust <seconds>
From it: hello | alive | started <id> | refused <id> <why> | ended <id> <code> | time <n> <epoch seconds>
"""

import ctypes
import mmap
import os
import signal
import subprocess
import threading
import time

ORDERS = "/orders/commands"
RESULTS = "/share/commands"
LINE = "/dev/ttyS0"
KILL_AFTER = 5.0
ALIVE_EVERY = 1.0
SWAP = "/dev/ubda"
STIR_EVERY = 1.0

line = os.open(LINE, os.O_RDWR | os.O_NOCTTY)
running: dict[str, subprocess.Popen] = {}


def tell(text: str) -> None:
    os.write(line, f"{text}\n".encode())


def lock_memory() -> None:
    mcl_current, mcl_future = 1, 2
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mlockall(mcl_current | mcl_future) != 0:
        raise OSError(ctypes.get_errno(), "mlockall")


def run(command: str) -> None:
    order = f"{ORDERS}/{command}"
    folder = f"{RESULTS}/{command}"
    # Whoever makes it decides: this one, or who has waited for too long and takes the command back.
    os.mkdir(folder)
    with open(f"{order}/environment", "rb") as file:
        environment = dict(entry.split(b"=", 1) for entry in file.read().split(b"\0") if entry)
    with open(f"{order}/directory", "rb") as file:
        directory = file.read()
    with open(f"{folder}/stdout", "wb") as out, open(f"{folder}/stderr", "wb") as err:
        process = subprocess.Popen(
            # The agent is spared when memory is short; what it runs is not.
            ["/bin/bash", "-c", 'echo 0 >/proc/self/oom_score_adj; exec /bin/bash "$0"', f"{order}/script"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            env=environment,
            cwd=directory or b"/",
            start_new_session=True,
        )
    running[command] = process
    tell(f"started {command}")
    # What is written to the share is the machine's at once: there is nothing to flush.
    code = process.wait()
    del running[command]
    tell(f"ended {command} {code if code >= 0 else 128 - code}")


def try_run(command: str) -> None:
    try:
        run(command)
    except OSError as error:
        tell(f"refused {command} {error.strerror}")


def kill(command: str) -> None:
    process = running.get(command)
    if process is None:
        return
    signal_group(process.pid, signal.SIGTERM)
    # Others of its group may be there when it is not any more, and as long as they are its number is nobody else's.
    timer = threading.Timer(KILL_AFTER, signal_group, (process.pid, signal.SIGKILL))
    timer.daemon = True
    timer.start()


def signal_group(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        pass  # All of it has ended.


def say_alive() -> None:
    while True:
        tell("alive")
        time.sleep(ALIVE_EVERY)


def stir_swap() -> None:
    """Reads the swap device every second.

    A guest's kernel can miss that the device has answered, until it answers again: whoever waits for a page that is
    written there then waits for good, SIGKILL or not.
    """
    page = mmap.mmap(-1, mmap.PAGESIZE)
    device = os.open(SWAP, os.O_RDONLY | os.O_DIRECT)
    while True:
        os.preadv(device, [page], 0)
        time.sleep(STIR_EVERY)


def main() -> None:
    threading.stack_size(256 * 1024)
    lock_memory()
    tell("hello")
    threading.Thread(target=say_alive, daemon=True).start()
    if os.path.exists(SWAP):
        # One that waits for good itself is what the other frees.
        for _ in range(2):
            threading.Thread(target=stir_swap, daemon=True).start()
    with os.fdopen(os.dup(line), "rb", buffering=0) as source:
        for text in source:
            word, argument = text.decode().split()
            if word == "run":
                threading.Thread(target=try_run, args=(argument,), daemon=True).start()
            elif word == "kill":
                kill(argument)
            elif word == "time":
                tell(f"time {argument} {time.time():.6f}")
            elif word == "adjust":
                time.clock_settime(time.CLOCK_REALTIME, time.time() + float(argument))


main()
