"""What the kernel says of this host, for the status and for the sampler. Standard library, Python 3.7 or later."""
import os
import re
import subprocess
import sys

PAGE_KB = os.sysconf("SC_PAGE_SIZE") // 1024
TICKS = os.sysconf("SC_CLK_TCK")
ROOT = "/run/faultline"


# Whatever loads the host, this does not wait behind it. Where that is not allowed it only takes longer.
try:
    os.nice(-10)
except OSError:
    pass


def fail(status, text):
    print(text, file=sys.stderr)
    sys.exit(status)


def parameter(name, pattern):
    """A document's parameter; SSM has checked the pattern, unless somebody changed the document."""
    value = os.environ.get("SSM_" + name)
    if value is None:
        fail(69, f"{name} did not arrive as an environment variable: the SSM agent has to be 3.3.2746.0 or later")
    if not re.fullmatch(pattern, value):
        fail(64, f"{name} has to match {pattern}")
    return value


def integer(name, least, most):
    value = int(parameter(name, "[0-9]{1,10}"))
    if not least <= value <= most:
        fail(64, f"{name} has to be from {least} to {most}")
    return value


def process_parameters():
    return (
        parameter("Process", r"([A-Za-z0-9_][A-Za-z0-9_.-]{0,14})?"),
        parameter("Unit", r"([A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}\.service)?"),
    )


def read(path):
    """A file's text; empty when it is not there (any more): processes come and go."""
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def memory():
    kb = {line.split(":")[0]: int(line.split()[1]) for line in read("/proc/meminfo").splitlines()}
    return {
        "totalKb": kb["MemTotal"],
        "availableKb": kb["MemAvailable"],
        "swapTotalKb": kb["SwapTotal"],
        "swapFreeKb": kb["SwapFree"],
    }


def vmstat():
    """Counters since boot; a kernel without swap counts none."""
    counters = dict(line.split() for line in read("/proc/vmstat").splitlines())
    return {name: int(counters.get(name, 0)) for name in ("pswpin", "pswpout", "oom_kill")}


def cpu():
    """Ticks of all cores since boot. A guest's steal is time in which it could not be idle."""
    lines = read("/proc/stat").splitlines()
    user, nice, system, idle, iowait, irq, softirq, steal = (int(n) for n in (lines[0].split()[1:] + ["0"] * 8)[:8])
    return {
        "busyTicks": user + nice + system + irq + softirq + steal,
        "idleTicks": idle,
        "iowaitTicks": iowait,
        "cores": sum(re.match(r"cpu\d", line) is not None for line in lines),
    }


def load1():
    return float(read("/proc/loadavg").split()[0])


def boot_time():
    return int(re.search(r"^btime (\d+)", read("/proc/stat"), re.M).group(1))


def stat_fields(pid):
    """What stands behind the name in /proc/<pid>/stat, from the state on; None for a process that is no more."""
    text = read(f"/proc/{pid}/stat")
    fields = text[text.rfind(")") + 2 :].split()
    return fields if fields and fields[0] not in "ZX" else None


def all_pids():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def main_pid_of_unit(unit):
    shown = subprocess.run(["systemctl", "show", "--property", "MainPID", "--value", unit], stdout=subprocess.PIPE)
    text = shown.stdout.decode().strip()
    return int(text) if text.isdigit() and text != "0" else None


def main_pid_of_name(name):
    """The oldest process of that name that is no child of another one."""
    found = {}
    for pid in all_pids():
        if read(f"/proc/{pid}/comm") == name + "\n":
            fields = stat_fields(pid)
            if fields:
                found[pid] = fields
    roots = [pid for pid, fields in found.items() if int(fields[1]) not in found]
    return min(roots, key=lambda pid: int(found[pid][19]), default=None)


def main_pid(name, unit):
    if unit:
        try:
            return main_pid_of_unit(unit)
        except OSError:
            return None
    return main_pid_of_name(name) if name else None


def process_facts(pid):
    """None when the process has ended. A restart changes the pid and the start, epoch seconds."""
    fields = stat_fields(pid) if pid is not None else None
    if not fields:
        return None
    return {"pid": pid, "startedAt": boot_time() + int(fields[19]) / TICKS, "residentKb": int(fields[21]) * PAGE_KB}
