import base64
import collections
import fcntl
import json
import signal
import threading
import time
import urllib.error
import urllib.request
import uuid

TCP_STATES = {
    "01": "established",
    "02": "synSent",
    "03": "synRecv",
    "04": "finWait1",
    "05": "finWait2",
    "06": "timeWait",
    "07": "close",
    "08": "closeWait",
    "09": "lastAck",
    "0A": "listen",
    "0B": "closing",
    "0C": "newSynRecv",
}
# What is kept of slices that are not uploaded yet; the oldest goes first.
KEPT_BYTES = 8 * 1024 * 1024


def upload_parameter():
    text = parameter("Upload", "[A-Za-z0-9+/=]{1,20000}")
    try:
        form = json.loads(base64.b64decode(text, validate=True))
        url, fields, prefix = form["url"], dict(form["fields"]), form["prefix"]
    except (ValueError, KeyError, TypeError):
        fail(64, 'Upload has to be the base64 of {"url", "fields", "prefix"}')
    if not re.fullmatch(r"https?://\S+", str(url)) or not isinstance(prefix, str):
        fail(64, 'Upload has to be the base64 of {"url", "fields", "prefix"}')
    return url, fields, prefix


class Slices:
    """Lines that become objects <prefix>1.jsonl, 2, 3 … beside the sampling, which waits for no network."""

    def __init__(self, upload):
        self.upload = upload
        self.lines = []
        self.count = self.uploaded = 0
        self.error = None
        self.over = False
        self.waiting = collections.deque()
        self.changed = threading.Condition()
        self.thread = threading.Thread(target=self.send, daemon=True)
        self.thread.start()

    def cut(self):
        if not self.lines:
            return
        self.count += 1
        body = ("\n".join(self.lines) + "\n").encode()
        self.lines = []
        with self.changed:
            self.waiting.append((self.count, body))
            while len(self.waiting) > 1 and sum(len(kept) for _, kept in self.waiting) > KEPT_BYTES:
                self.waiting.popleft()
            self.changed.notify()

    def send(self):
        """Until it is over and nothing waits. A slice that S3 did not take is tried again, at the end a few times only."""
        last_tries = 5
        while last_tries > 0:
            with self.changed:
                self.changed.wait_for(lambda: self.waiting or self.over)
                if not self.waiting:
                    return
                number, body = self.waiting[0]
            try:
                self.upload(number, body)
            except OSError as error:
                self.error = describe(error)
                last_tries -= self.over
                time.sleep(1)
                continue
            self.uploaded += 1
            with self.changed:
                if self.waiting and self.waiting[0][0] == number:
                    self.waiting.popleft()

    def end(self):
        """Uploads what is left; an upload takes 10 s at most."""
        self.cut()
        with self.changed:
            self.over = True
            self.changed.notify()
        self.thread.join(70)


def describe(error):
    """A refusal's reason is in S3's answer."""
    if isinstance(error, urllib.error.HTTPError):
        answer = error.read(2000).decode(errors="replace")
        code = re.search(r"<Code>([^<]+)</Code>", answer)
        return f"HTTP {error.code} {code.group(1) if code else error.reason}"
    return str(error)


def form_upload(url, fields, prefix):
    def upload(number, body):
        boundary = uuid.uuid4().hex
        parts = []
        for name, value in list({**fields, "key": f"{prefix}{number}.jsonl"}.items()):
            parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="slice"\r\n\r\n'.encode()
        data = b"".join(parts) + head + body + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=10) as answer:
            answer.read()

    return upload


def sockets():
    """TCP sockets by state, of both address families."""
    counts = {}
    for path in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in read(path).splitlines()[1:]:
            state = TCP_STATES.get(line.split()[3])
            if state:
                counts[state] = counts.get(state, 0) + 1
    return counts


def disk():
    stat = os.statvfs("/")
    return {"totalBytes": stat.f_blocks * stat.f_frsize, "freeBytes": stat.f_bavail * stat.f_frsize}


class Application:
    """The application's main process: looked for when it is not the one that it was."""

    def __init__(self, name, unit):
        self.name, self.unit = name, unit
        self.known = None

    def facts(self):
        now = process_facts(self.known["pid"]) if self.known else None
        if now is None or now["startedAt"] != self.known["startedAt"]:
            now = self.known = process_facts(main_pid(self.name, self.unit))
        if now is None:
            return None
        threads = re.search(r"^Threads:\s+(\d+)", read(f"/proc/{now['pid']}/status"), re.M)
        try:
            files = len(os.listdir(f"/proc/{now['pid']}/fd"))
        except OSError:
            return None
        return {**now, "threads": int(threads.group(1)) if threads else 0, "openFiles": files}


def shares(ticks, before):
    """Of all cores since the previous sample; null in the first, and when no tick has passed."""
    names = ("busyTicks", "idleTicks", "iowaitTicks")
    passed = [ticks[name] - before[name] for name in names] if before else [0, 0, 0]
    whole = sum(passed)
    return dict(zip(("busy", "idle", "iowait"), [max(0, part) / whole if whole > 0 else None for part in passed]))


def sample(host, application, ticks, before):
    swaps = vmstat()
    counters = {"swapInPages": swaps["pswpin"], "swapOutPages": swaps["pswpout"], "oomKills": swaps["oom_kill"]}
    return {
        "at": time.time(),
        "host": host,
        "cpu": {**shares(ticks, before), "cores": ticks["cores"], "load1": load1()},
        "memory": {**memory(), **counters},
        "sockets": sockets(),
        "disk": disk(),
        "process": application.facts(),
    }


def claim(folder):
    """False when this run's sampler is there already. The lock goes with the process."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    lock = open(f"{folder}/lock", "w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return None
    with open(f"{folder}/process", "w") as file:
        file.write(f"{os.getpid()} {stat_fields(os.getpid())[19]}\n")
    return lock


def survive_memory_pressure():
    """What it observes is not to end it."""
    try:
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("-1000")
    except OSError as error:
        print(f"the OOM killer may end the sampler: {error}", file=sys.stderr)


def main():
    run_id = parameter("RunId", "[a-z0-9][a-z0-9-]{2,63}")
    seconds = integer("Seconds", 1, 7200)
    interval = integer("IntervalMs", 500, 2000) / 1000
    slice_seconds = integer("SliceSeconds", 5, 60)
    name, unit = process_parameters()
    upload = form_upload(*upload_parameter())
    host = os.environ.get("AWS_SSM_INSTANCE_ID") or fail(69, "the SSM agent gives no AWS_SSM_INSTANCE_ID")
    folder = f"{ROOT}/{run_id}/sampler"
    stop = f"{folder}/stop"
    os.umask(0o077)
    if os.path.exists(stop):
        fail(66, f"the sampler of run {run_id} was ended on this host: it does not begin again")
    lock = claim(folder)
    if lock is None:
        print(f"the sampler of run {run_id} is at work already")
        return
    survive_memory_pressure()
    asked = []
    signal.signal(signal.SIGTERM, lambda *_: asked.append("SIGTERM"))

    application = Application(name, unit)
    slices = Slices(upload)
    samples, before = 0, None
    start = time.monotonic()
    cut_at = start + slice_seconds
    while True:
        ticks = cpu()
        slices.lines.append(json.dumps(sample(host, application, ticks, before), separators=(",", ":")))
        samples, before = samples + 1, ticks
        if time.monotonic() >= cut_at:
            cut_at += slice_seconds
            slices.cut()
        # On the grid of the start, so that samples do not drift; a late one skips what it missed.
        due = start + (int((time.monotonic() - start) / interval) + 1) * interval
        if asked or os.path.exists(stop) or due > start + seconds:
            break
        time.sleep(max(0, due - time.monotonic()))
    slices.end()
    print(f"{samples} samples in {slices.count} slices, {slices.uploaded} of them uploaded")
    if slices.error:
        print(f"the last upload that failed: {slices.error}", file=sys.stderr)
    if slices.uploaded < slices.count:
        sys.exit(70)


main()
