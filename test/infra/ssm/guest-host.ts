import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalStack, type ManagedHostHandle, startLocalStack } from '../../../infra/local/stack.ts';
import { documents } from '../../../infra/ssm/documents.ts';
import { type HostStatus, hostStatusSchema } from '../../../lambdas/hosts/host-status.ts';
import { descendants } from '../../support/e2e-processes.ts';
import { faultlinePython } from '../../support/python.ts';
import { freePort } from '../../support/services.ts';
import { eventually } from '../local/probe.ts';
import { epochSeconds, type Outcome } from './bare-host.ts';

const instanceId = 'i-0123456789abcdef0';

/** A managed host, with a kernel of its own, on which documents' scripts run as an agent would run them. */
export class GuestHost {
  readonly stack: LocalStack;
  private readonly host: ManagedHostHandle;

  private constructor(stack: LocalStack, host: ManagedHostHandle) {
    this.stack = stack;
    this.host = host;
  }

  static async start(): Promise<GuestHost> {
    const stack = await startLocalStack({ python: faultlinePython(), port: await freePort() });
    try {
      const tags = { 'faultline:opt-in': 'true' };
      // Without swap, memory that runs out is the OOM killer's business at once. The application finds no service.
      const environment = { DATABASE_URL: 'postgres://nobody@198.18.0.1:9/none', REDIS_URL: 'redis://198.18.0.1:9' };
      const spec = { name: 'app', instanceId, tags, swapMb: 0, program: { environment } };
      return new GuestHost(stack, await stack.startHost(spec));
    } catch (error) {
      await stack.stop();
      throw error;
    }
  }

  /** As if nothing had ever been done to it. */
  async tidy(): Promise<void> {
    await this.exec(`umount /usr/bin/stress-ng /usr/bin/apt-get; date -s @${Date.now() / 1000}
      pkill -KILL -f /timer.sh; pkill -KILL stress-ng; tc qdisc del dev eth0 root; rm -rf /run/faultline`);
  }

  /** Runs a script as root. */
  exec(script: string): Promise<Outcome> {
    return this.host.run(script);
  }

  /** Runs a document to its end. */
  run(name: string, parameters: Record<string, string>): Promise<Outcome> {
    return this.host.run(scriptOf(name, parameters));
  }

  /** Runs a fault's document with its defaults, for so many seconds from now. */
  fault(name: string, runId: string, seconds: number, others: Record<string, string> = {}): Promise<Outcome> {
    return this.run(name, faultParameters(name, runId, seconds, others));
  }

  /**
   * Begins a fault and kills the command's whole process group, as a cancellation does: after so many seconds, or else
   * when the fault has landed and the command is about to end.
   */
  async cancelledFault(name: string, runId: string, seconds: number, afterSeconds?: number): Promise<void> {
    const script = scriptOf(name, faultParameters(name, runId, seconds));
    const landed = 'for i in $(seq 300); do [ -e /run/landed ] && break; sleep 0.1; done';
    await this.exec(`rm -f /run/landed
cat >/run/cancelled <<'SCRIPT'
${script}
touch /run/landed
sleep 300
SCRIPT
setsid bash /run/cancelled </dev/null >/dev/null 2>&1 &
${afterSeconds === undefined ? landed : `sleep ${afterSeconds}`}
kill -KILL -- -$!`);
  }

  revert(runId: string, fault: string): Promise<Outcome> {
    return this.run('Faultline-Revert', { RunId: runId, Fault: fault });
  }

  async status(runId = ''): Promise<HostStatus & { tombstone: boolean; delayMs: number | null; raw: Status }> {
    const { code, stdout, stderr } = await this.run('Faultline-Status', {
      RunId: runId,
      Process: '',
      Unit: '',
      IdleMs: '0',
      Tools: 'yes',
    });
    if (code !== 0 || stdout.trim().includes('\n')) throw new Error(`status ${code}: ${stdout} ${stderr}`);
    const raw: Status = JSON.parse(stdout);
    return { ...hostStatusSchema.parse(raw), tombstone: raw.tombstone, delayMs: raw.delayMs, raw };
  }

  /** Milliseconds of a TCP handshake with the host, from outside it; the median of three, of 2 s at most. */
  async handshakeMs(): Promise<number> {
    const program = `import socket, time
times = []
for _ in range(3):
    with socket.socket() as s:
        s.settimeout(2)
        start = time.monotonic()
        s.connect_ex(("${this.host.address}", 8000))
        times.append(time.monotonic() - start)
print(sorted(times)[1] * 1000)`;
    const { stdout } = await this.stack.exec([faultlinePython(), '-c', program]);
    return Number(stdout);
  }

  /** What of faults is to be seen there, however it came about. */
  async traces(): Promise<Traces> {
    const look = 'echo $(pgrep stress-ng); echo $(pgrep -f /timer.sh); tc qdisc show dev eth0';
    const [stressors, timers, ...qdiscs] = (await this.exec(look)).stdout.split('\n');
    const pids = (text = '') => text.split(' ').filter(Boolean).map(Number);
    // How often one is referred to says nothing of what it does.
    return {
      stressors: pids(stressors),
      timers: pids(timers),
      qdiscs: qdiscs.join('\n').replaceAll(/ refcnt \d+/g, ''),
    };
  }

  /**
   * Freezes everything but the host until it has looked at itself after that time, epoch seconds: whoever could send it
   * something or hear of it is as good as dead. Returns what it has seen of faults meanwhile, by its own clock.
   */
  async alone(until: number): Promise<Glance[]> {
    const look = 'echo "$EPOCHREALTIME $(pgrep -c stress-ng) $(tc qdisc show dev eth0 | grep -c netem)"';
    const watching = `setsid bash -c 'while :; do ${look}; sleep 0.5; done' </dev/null >/share/alone 2>&1 & echo $!`;
    const watcher = (await this.exec(watching)).stdout.trim();
    const file = join(this.stack.stateDir, 'hosts', 'app', 'share', 'alone');
    const glances = () => {
      // The watcher makes it, a moment after it has begun.
      const seen = existsSync(file) ? readFileSync(file, 'utf8') : '';
      return [...seen.matchAll(/^(\S+) (\d+) (\d+)$/gm)].map(([, at, stressors, delays]) => {
        return { at: Number(at), isChanged: Number(stressors) + Number(delays) > 0 };
      });
    };
    const { pid } = JSON.parse(readFileSync(join(this.stack.stateDir, 'owner.json'), 'utf8')).sandbox;
    const others = [
      pid,
      ...descendants(pid).flatMap(({ pid: own, name }) => (name.startsWith('linux.uml') ? [] : own)),
    ];
    try {
      for (const other of others) process.kill(other, 'SIGSTOP');
      await eventually(`a look after ${until}`, async () => glances().some(({ at }) => at > until), 60);
    } finally {
      for (const other of others) process.kill(other, 'SIGCONT');
    }
    await this.exec(`kill -KILL -- -${watcher}`);
    return glances();
  }

  /** The share of time in which the processors had nothing to do, over two seconds. */
  async idleShare(): Promise<number> {
    const { stdout } = await this.exec('head -1 /proc/stat; sleep 2; head -1 /proc/stat');
    const [before, after] = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).slice(1, 9).map(Number));
    const passed = after!.map((ticks, index) => ticks - before![index]!);
    return passed[3]! / passed.reduce((sum, ticks) => sum + ticks, 0);
  }
}

export interface Glance {
  /** Epoch seconds. */
  at: number;
  /** Whether there is a fault. */
  isChanged: boolean;
}

export interface Traces {
  /** Processes. */
  stressors: number[];
  timers: number[];
  /** As tc shows them. */
  qdiscs: string;
}

/** What `Faultline-Status` prints beyond what the faults need of it. */
export interface Status {
  tombstone: boolean;
  delayMs: number | null;
  vmstat: { pswpin: number; pswpout: number; oom_kill: number };
  load1: number;
  faults: { runId: string; fault: string; state: string; since: number; deadline: number; pids: number[] }[];
  tools: Record<string, string | null>;
}

function faultParameters(name: string, runId: string, seconds: number, others: Record<string, string> = {}) {
  const { parameters } = documents.find((one) => one.name === name)!.content;
  const defaults = Object.entries(parameters).map(([key, { default: value }]) => [key, value ?? '']);
  const [NotAfter, Deadline] = [epochSeconds() + 20, epochSeconds() + seconds].map(String);
  return { ...Object.fromEntries(defaults), RunId: runId, NotAfter, Deadline, ...others };
}

/** The script with its variables: the values that tests use need no quoting but that of spaces. */
function scriptOf(name: string, parameters: Record<string, string>): string {
  const { content } = documents.find((one) => one.name === name)!;
  const variables = Object.entries(parameters).map(([key, value]) => `export SSM_${key}='${value}'`);
  return [`export AWS_SSM_INSTANCE_ID=${instanceId}`, ...variables, ...content.mainSteps[0]!.inputs.runCommand].join(
    '\n',
  );
}
