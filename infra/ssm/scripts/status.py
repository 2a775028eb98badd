import json
import time

NETEM = re.compile(r"qdisc netem .*?\bdelay ([0-9.]+)(us|ms|s)\b")
MILLISECONDS = {"us": 0.001, "ms": 1, "s": 1000}
STRESSORS = ("memory-pressure", "cpu-saturation")


def output(*command):
    """What a tool prints; None where the host does not have it."""
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout.decode().strip()
    except OSError:
        return None


def default_device():
    """The default route's of the least metric or, without a default route, the only one that is up beside lo."""
    routes = [line.split() for line in read("/proc/net/route").splitlines()[1:]]
    defaults = [route for route in routes if route[1] == "00000000" and int(route[3], 16) & 1]
    if defaults:
        return min(defaults, key=lambda route: int(route[6]))[0]
    up = [name for name in os.listdir("/sys/class/net") if name != "lo" and int(read(f"/sys/class/net/{name}/flags"), 16) & 1]
    return up[0] if len(up) == 1 else ""


def delay_ms(qdiscs):
    match = NETEM.search(qdiscs)
    return float(match.group(1)) * MILLISECONDS[match.group(2)] if match else None


def number(path):
    text = read(path).strip()
    return int(text) if text.isdigit() else None


def stressor_pids(session):
    """A session's number may have gone to somebody else's, whose processes are called something else."""
    if session is None:
        return []
    found = [pid for pid in all_pids() if read(f"/proc/{pid}/comm").startswith("stress-ng")]
    return [pid for pid in found if (stat_fields(pid) or [""] * 4)[3] == str(session)]


def pids_of(fault, folder):
    if fault in STRESSORS:
        return stressor_pids(number(f"{folder}/session"))
    killed = read(f"{folder}/killed").split()
    return [int(killed[0])] if killed else []


def faults():
    found = []
    for folder, _, files in os.walk(ROOT):
        if "deadline" not in files:
            continue
        run_id, fault = folder.split("/")[-2:]
        found.append(
            {
                "runId": run_id,
                "fault": fault,
                "state": "reverted" if "reverted" in files else "active",
                "since": number(f"{folder}/since"),
                "deadline": number(f"{folder}/deadline"),
                "pids": pids_of(fault, folder),
            }
        )
    return found


def tools(wanted):
    if not wanted:
        return {}
    return {"tc": output("tc", "-V"), "stress-ng": output("stress-ng", "--version")}


def idle_share(milliseconds):
    """Of all processors, while nothing is done here; None where it is not asked for."""
    if milliseconds == 0:
        return None
    first = cpu()
    time.sleep(milliseconds / 1000)
    last = cpu()
    idle, busy = (last[name] - first[name] for name in ("idleTicks", "busyTicks"))
    return idle / (idle + busy) if idle + busy > 0 else 0


def main():
    run_id = parameter("RunId", "([a-z0-9][a-z0-9-]{2,63})?")
    name, unit = process_parameters()
    idle_ms = integer("IdleMs", 0, 5000)
    with_tools = parameter("Tools", "yes|no") == "yes"
    device = (run_id and read(f"{ROOT}/{run_id}/network-latency/device").strip()) or default_device()
    qdisc = (output("tc", "-s", "qdisc", "show", "dev", device) if device else None) or ""
    status = {
        "at": time.time(),
        "bootId": read("/proc/sys/kernel/random/boot_id").strip(),
        "device": device,
        "qdisc": qdisc,
        "delayMs": delay_ms(qdisc),
        "memory": memory(),
        "vmstat": vmstat(),
        "cpu": {"cores": cpu()["cores"], "idleShare": idle_share(idle_ms)},
        "load1": load1(),
        "process": process_facts(main_pid(name, unit)),
        "faults": faults(),
        "tombstone": bool(run_id) and os.path.exists(f"{ROOT}/{run_id}/tombstone"),
        "tools": tools(with_tools),
    }
    print(json.dumps(status, separators=(",", ":")))


main()
