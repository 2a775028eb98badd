import { analyse } from '../../../lambdas/analysis/analyse.ts';
import type { Evidence } from '../../../lambdas/analysis/evidence.ts';
import {
  affected,
  fragileCpu,
  fragileMemory,
  fragileNetwork,
  fragileSlowQuery,
  givenUp,
  held,
  resilientCpu,
  resilientMemory,
  resilientNetwork,
  resilientSlowQuery,
} from './support/host-stories.ts';
import { around, served } from './support/stories.ts';
import { type Story, tell } from './support/story.ts';

const rowOf = (id: string, story: Story, change: (e: Evidence) => Evidence = (e) => e) =>
  analyse(change(tell(story).evidence)).metrics.find((m) => m.id === id)!;

describe('what the hosts say', () => {
  test('CPU is the mean of the kernel counters, and has to come back', () => {
    const row = rowOf('cpu-usage', resilientCpu);
    expect([row.before.value, row.during.value, row.after.value]).toEqual(
      [24, 99, 24].map((v) => expect.closeTo(v, 3)),
    );
    expect(row.during.display).toBe('mean 99.0 %, at most 99.0 % (1 core)');
    expect(row.status).toBe('degraded');
    const staying: Story = { ...resilientCpu, host: (at, t) => ({ cpu: { busy: at > t.fault ? 0.9 : 0.2 } }) };
    expect(rowOf('cpu-usage', staying).status).toBe('missed');
    expect(rowOf('cpu-usage', { ...resilientCpu, host: () => ({}) }).status).toBe('ok');
  });

  test('memory is what is not available, of all there is', () => {
    const row = rowOf('memory-usage', resilientMemory);
    expect(row.before.value).toBeCloseTo(100 * (1 - 500 / 750), 3);
    expect(row.during.display).toBe('mean 85.3 %, at most 85.3 % (of 732 MB)');
    expect(row.status).toBe('degraded');
    const leaking: Story = {
      ...resilientMemory,
      host: (at, t) => ({ memory: { availableKb: at > t.fault ? 300_000 : 500_000 } }),
    };
    expect(rowOf('memory-usage', leaking).status).toBe('missed');
  });

  test('swap that only filled is degraded, swap that is still at work afterwards is missed', () => {
    const row = rowOf('swap-usage', resilientMemory);
    expect(row.before.display).toBe('0 MB, at most 0 MB (of 512 MB; 0 pages in, 0 out)');
    expect(row.after.value!).toBeGreaterThan(16);
    expect(row.status).toBe('degraded');
    const busy: Story = {
      ...resilientMemory,
      host: (at, t) => {
        const pages = Math.round(1000 * Math.max(0, at - t.fault));
        return { memory: { swapInPages: pages, swapOutPages: pages } };
      },
    };
    expect(rowOf('swap-usage', busy)).toMatchObject({
      status: 'missed',
      rule: expect.stringMatching(/still swapping/),
    });
    const none: Story = { ...resilientMemory, host: () => ({ memory: { swapTotalKb: 0, swapFreeKb: 0 } }) };
    expect(rowOf('swap-usage', none)).toMatchObject({
      status: 'ok',
      during: { display: '0 MB (the host has no swap)' },
    });
  });

  test('several hosts are one row', () => {
    const row = rowOf('cpu-usage', resilientCpu, (e) => ({
      ...e,
      hostSamples: e.hostSamples!.flatMap((s) => [s, { ...s, host: 'i-2', cpu: { ...s.cpu, busy: 0 } }]),
    }));
    expect(row.during.value).toBeCloseTo(49.5, 3);
    expect(row.during.display).toMatch(/2 cores/);
  });

  test('a slice that was delivered twice changes nothing', () => {
    const doubled = (e: Evidence) => ({ ...e, hostSamples: [...e.hostSamples!, ...e.hostSamples!].reverse() });
    expect(rowOf('memory-usage', resilientMemory, doubled)).toEqual(rowOf('memory-usage', resilientMemory));
  });

  test.each([
    [
      'there is no managed host',
      (e: Evidence) => ({ ...e, hostSamples: [], run: { ...e.run, target: { ...e.run.target, hosts: null } } }),
      /no managed host/,
    ],
    ['the sampler was silent', (e: Evidence) => ({ ...e, hostSamples: [] }), /delivered nothing$/],
    [
      'the sampler said why',
      (e: Evidence) => ({
        ...e,
        hostSamples: [],
        events: [...e.events, { at: 0, type: 'host-sampling' as const, detail: { problem: 'no python3 on the host' } }],
      }),
      /delivered nothing \(no python3 on the host\)$/,
    ],
    [
      'the sampler ended early',
      (e: Evidence) => ({ ...e, hostSamples: e.hostSamples!.slice(0, 20) }),
      /nothing of this time/,
    ],
  ])('where %s the row says so, and the run stands', (_what, change, reason) => {
    const result = analyse(change(tell(resilientMemory).evidence));
    const row = result.metrics.find((m) => m.id === 'memory-usage')!;
    expect(row).toMatchObject({
      status: 'not-measured',
      after: { value: null, display: expect.stringMatching(reason) },
    });
    expect(row.rule).toMatch(reason);
    expect(result.invalid).toEqual([]);
    expect(result.risks.some((r) => r.evidence === 'memory-pressure/metrics/memory-usage')).toBe(true);
  });
});

describe('requests that run out of time', () => {
  test('are those that clients gave up and those that were ended at the limit', () => {
    expect(rowOf('timeout-errors', resilientNetwork)).toMatchObject({
      status: 'ok',
      during: { value: 0, display: '0' },
    });
    const row = rowOf('timeout-errors', fragileNetwork);
    expect(row.during.value).toBe(54);
    expect(row.during.display).toBe(
      "54 (54 given up by clients, 0 ended at the application's limit; 27.0 % of the requests)",
    );
    expect(row.status).toBe('degraded');
    expect(
      rowOf('timeout-errors', {
        ...fragileNetwork,
        answer: (at, _e, t, random) => (at > t.fault && random() < 0.1 ? givenUp : served(random)),
      }).status,
    ).toBe('missed');
  });

  test('at the limit: counted by the application, else by their times', () => {
    const row = rowOf('request-timeout', resilientSlowQuery);
    expect(row.during.value).toBeGreaterThan(55);
    expect(row.during.display).toMatch(/^6\d \(1\d.\d % of the requests; slowest 30.0 s\)$/);
    expect(row.before.display).toMatch(/^0 \(slowest \d+ ms\)$/);
    expect(row.status).toBe('degraded');
    const byTime = rowOf('request-timeout', { ...resilientSlowQuery, app: () => ({ requestTimeouts: null }) });
    const actual = tell(resilientSlowQuery).evidence;
    const { truth } = tell(resilientSlowQuery);
    const ended = actual.windows
      .filter((w) => w.t >= truth.landed && w.t + 1 <= truth.revert)
      .flatMap((w) => w.cells)
      .filter((c) => c.outcome === 'http_5xx')
      .reduce((n, c) => n + c.count, 0);
    expect(byTime.during.value).toBe(ended);
  });

  test("the application's own count stands against what the clients saw of it", () => {
    const unseen: Story = {
      ...resilientSlowQuery,
      answer: (_at, _e, _t, random) => served(random),
      app: (at, t) => ({ requestTimeouts: at > t.fault + 10 ? 7 : 0 }),
    };
    expect(rowOf('request-timeout', unseen).during).toMatchObject({ value: 7 });
    expect(
      rowOf('timeout-errors', {
        ...unseen,
        scenario: { ...resilientSlowQuery.scenario, metrics: resilientNetwork.scenario.metrics },
      }).during.value,
    ).toBe(7);
  });

  test('a limit that nobody keeps is not OK because nothing was ended at it', () => {
    expect(rowOf('request-timeout', fragileSlowQuery)).toMatchObject({
      status: 'missed',
      rule: expect.stringMatching(/beyond the limit/),
    });
    expect(rowOf('request-timeout', { ...fragileSlowQuery, recoverSeconds: 2, app: () => ({}) }).status).toBe(
      'degraded',
    );
  });
});

describe('the user experience', () => {
  test('is the Apdex with its rating', () => {
    const row = rowOf('user-experience', resilientNetwork);
    expect(row.before.display).toMatch(/^Excellent \(Apdex 1\.00 with T = 0\.5 s: 100 % satisfied ≤ 0\.5 s/);
    expect(row.during.display).toMatch(/^Unacceptable \(Apdex 0\.00/);
    expect(row.status).toBe('degraded');
  });

  test('a failure is frustrated however quick it was, and a slow answer is tolerated up to 2 s', () => {
    const mixed: Story = {
      ...resilientNetwork,
      answer: (at, _e, t, random) => {
        if (!held(at, t)) return served(random);
        const draw = random();
        if (draw < 0.2) return { outcome: 'http_503', ms: 2 };
        return { outcome: 'ok', ms: draw < 0.6 ? 1900 : 100 };
      },
    };
    const row = rowOf('user-experience', mixed);
    expect(row.during.value).toBeCloseTo(0.6, 1);
    expect(row.during.display).toMatch(/^(Poor|Fair) /);
  });

  test('says that nobody was answered, and that few were', () => {
    const silent = rowOf('user-experience', {
      ...resilientNetwork,
      rps: (s, t) => (s >= t.fault - 1 && affected(s, t) ? 0 : 100),
    });
    expect(silent.during.display).toMatch(/^Unacceptable \(no request ended in 20 seconds\)$/);
    expect(silent.status).toBe('degraded');
    expect(
      rowOf('user-experience', { ...resilientNetwork, rps: (s, t) => (held(s, t) ? 3 : 100) }).during.display,
    ).toMatch(/small group of 60/);
  });

  test('that stays bad is missed', () => {
    const slow: Story = {
      ...resilientNetwork,
      answer: (at, _e, t, random) => ({ outcome: 'ok', ms: around(at > t.fault ? 1200 : 4, random) }),
    };
    expect(rowOf('user-experience', slow).status).toBe('missed');
  });
});

describe('the pool and its queue', () => {
  test('are shares and lengths by their gauges', () => {
    const pool = rowOf('connection-pool', resilientSlowQuery);
    expect([pool.before.value, pool.during.value, pool.after.value]).toEqual(
      [10, 100, 10].map((v) => expect.closeTo(v, 3)),
    );
    expect(pool).toMatchObject({ status: 'degraded', during: { display: 'mean 100 %, at most 100 % (10 of 10)' } });
    const queue = rowOf('queue-length', resilientSlowQuery);
    expect(queue).toMatchObject({
      status: 'degraded',
      during: { value: 36, display: 'mean 36.0, at most 36 (limit 50)' },
    });
  });

  test('that do not come back are missed', () => {
    expect(rowOf('connection-pool', fragileSlowQuery).status).toBe('missed');
    expect(rowOf('queue-length', fragileSlowQuery)).toMatchObject({
      status: 'missed',
      during: { display: expect.stringMatching(/no limit/) },
    });
  });

  test('without gauges are not measured', () => {
    const silent: Story = {
      ...resilientSlowQuery,
      app: () => ({ poolInUse: null, queueLength: null, poolWaiting: null }),
    };
    expect(rowOf('connection-pool', silent)).toMatchObject({
      status: 'not-measured',
      rule: expect.stringMatching(/no pool metrics/),
    });
    expect(rowOf('queue-length', silent)).toMatchObject({
      status: 'not-measured',
      rule: expect.stringMatching(/no queue/),
    });
  });
});

test('requests that hang, and answers that come in bursts, are no row that is OK', () => {
  for (const id of ['response-time', 'error-rate', 'throughput']) expect(rowOf(id, fragileCpu).status).toBe('missed');
  const hanging: Story = { ...resilientCpu, rps: (s, t) => (s >= t.fault && s < t.revert ? 0 : 100) };
  expect(rowOf('error-rate', hanging)).toMatchObject({ status: 'degraded', rule: expect.stringMatching(/they hung/) });
  expect(rowOf('error-rate', fragileMemory).status).toBe('missed');
});
