import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { ensureFuzzer, type Fuzzed, fuzzApi } from '../../fuzz/schemathesis/fuzz-api.ts';
import { SignedClient } from '../../support/e2e-signed.ts';
import { DeployedApp } from '../../support/e2e-stack.ts';
import { startSigningRelay } from '../../support/signing-relay.ts';
import { defineBenchmark } from '../benchmark.ts';

const least = 2_000;
const examples = 45;
const seed = 1;

/** Whether the deployed API keeps to docs/openapi.json, by a fuzzer that knows nothing but that document. */
export const apiFuzz = defineBenchmark({
  ids: {
    'api-fuzz': {
      unit: 'requests',
      goal: { at: 'least', value: least },
      what: 'requests that Schemathesis made up of docs/openapi.json and sent, signed, through the local API Gateway',
    },
    'api-fuzz-failures': {
      unit: 'failures',
      goal: { at: 'most', value: 0 },
      what: 'of them, answers with a 5xx, an undocumented status or type, or against the schema; and schedules left over',
    },
  },
  async run({ signal, progress }) {
    await ensureFuzzer(progress);
    const app = await DeployedApp.deploy({ starts: 'dry-run' });
    try {
      const relay = await startSigningRelay(app.deployment.ApiUrl, app.stack.region, app.operatorCredentials);
      progress('deployed; every start on it is a dry run');
      const fuzzed = await fuzz(relay.url, signal).finally(relay.close);
      const left = await schedulesLeft(app);
      const problems = [fuzzed.failures, ...left.map((name) => `schedule ${name} is left over`)].filter(Boolean);
      return {
        'api-fuzz': { value: fuzzed.requests, detail: { seed, statuses: fuzzed.statuses } },
        'api-fuzz-failures': { value: problems.length, detail: problems },
      };
    } finally {
      await app.stack.stop();
    }
  },
});

function fuzz(url: string, signal: AbortSignal): Promise<Fuzzed> {
  const target = { pattern: '[a-z][a-z0-9-]{0,40}', ids: ['sample'] };
  const known = { target, targetId: target, name: { ...target, ids: ['one', 'two', 'three', 'four'] } };
  return fuzzApi({ url, phases: ['examples', 'coverage', 'fuzzing', 'stateful'], examples, seed, known, signal });
}

/** Deletes, through the API, every schedule that it lists. @returns what EventBridge Scheduler has all the same */
async function schedulesLeft(app: DeployedApp): Promise<string[]> {
  const client = new SignedClient(app.deployment.ApiUrl, app.stack.region, app.operatorCredentials);
  for (;;) {
    const { body } = await client.send({ method: 'GET', path: '/schedules?limit=100' });
    if (body.items.length === 0) break;
    for (const { name } of body.items) await client.send({ method: 'DELETE', path: `/schedules/${name}` });
  }
  const { Schedules = [] } = await new SchedulerClient(app.root).send(
    new ListSchedulesCommand({ GroupName: 'faultline' }),
  );
  return Schedules.map(({ Name }) => Name!);
}
