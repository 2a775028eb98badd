import { z } from 'zod';
import { ServiceNotFound, type ServiceState, type SuspendedScaling } from '../aws/ecs-services.client.ts';
import type { Target } from '../target/target.ts';
import { defineFault, doesNotApply, FaultRefused } from './fault.ts';
import { assertOptedIn } from './opted-in.ts';

const parameters = z.strictObject({ service: z.enum(['database', 'cache']) });
type Parameters = z.infer<typeof parameters>;

const original = z.object({
  cluster: z.string(),
  service: z.string(),
  desiredCount: z.int().min(1),
  /** Auto scaling that was suspended for the fault; null where the service has none. */
  autoScaling: z.object({ scheduled: z.boolean(), in: z.boolean(), out: z.boolean() }).nullable(),
});

/** Stops a dependency of the target by scaling its ECS service to 0, and starts it by scaling it back. */
export const ecsServiceStop = defineFault<Parameters, z.infer<typeof original>>({
  id: 'ecs-service-stop',
  parameters,
  original,

  lacks: (target, p) => (target[p.service] ? null : `no ${p.service}`),

  async touches({ target }, p) {
    const { cluster, service } = dependency(target, p);
    return [
      {
        kind: 'service',
        id: `${cluster}/${service}`,
        change: `ECS service ${service} in cluster ${cluster}: desired count to 0, then back to what it was`,
      },
    ];
  },

  async check({ target, ecs }, p) {
    const at = dependency(target, p);
    refuseForGood(at.service, await ecs.describe(at.cluster, at.service));
  },

  async capture({ target, ecs }, p) {
    const at = dependency(target, p);
    const service = await ecs.describe(at.cluster, at.service);
    refuseForGood(at.service, service);
    refuseForNow(at.service, service);
    return {
      cluster: at.cluster,
      service: at.service,
      desiredCount: service.desiredCount,
      autoScaling: await ecs.autoScaling(at.cluster, at.service),
    };
  },

  async inject({ ecs }, _p, o) {
    if (o.autoScaling)
      await ecs.setAutoScalingSuspended(o.cluster, o.service, { scheduled: true, in: true, out: true });
    await ecs.setDesiredCount(o.cluster, o.service, 0);
  },

  async prove({ ecs, probes }, p, o) {
    const { runningCount } = await ecs.describe(o.cluster, o.service);
    const answer = await probes.dependency(p.service);
    return {
      proven: runningCount === 0 && !answer.served,
      detail: `running tasks ${runningCount} of ${o.desiredCount}; connecting: ${answer.detail}`,
    };
  },

  async revert({ ecs }, _p, o) {
    await unlessDeleted(async () => {
      await ecs.setDesiredCount(o.cluster, o.service, o.desiredCount);
      if (o.autoScaling) await ecs.setAutoScalingSuspended(o.cluster, o.service, o.autoScaling);
    });
  },

  async proveGone({ ecs, probes }, p, o) {
    const service = await unlessDeleted(() => ecs.describe(o.cluster, o.service));
    if (!service)
      return { proven: true, detail: `ECS service ${o.service} was deleted: nothing of it is left to restore` };
    const scaling = await ecs.autoScaling(o.cluster, o.service);
    const answer = await probes.dependency(p.service);
    const isScaled = service.desiredCount >= o.desiredCount && service.runningCount >= o.desiredCount;
    const isScaling = isSame(scaling, o.autoScaling);
    return {
      proven: isScaled && isScaling && answer.served,
      detail: [
        `running tasks ${service.runningCount} of ${o.desiredCount}`,
        ...(isScaling ? [] : ['auto scaling not as it was']),
        `connecting: ${answer.detail}`,
      ].join('; '),
    };
  },
});

const isSame = (a: SuspendedScaling | null, b: SuspendedScaling | null) =>
  a?.scheduled === b?.scheduled && a?.in === b?.in && a?.out === b?.out;

/** Null where somebody has deleted the service meanwhile. */
async function unlessDeleted<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ServiceNotFound) return null;
    throw error;
  }
}

/** @throws FaultRefused */
function refuseForGood(name: string, service: ServiceState): void {
  const refuse = (why: string) => {
    throw new FaultRefused(`ECS service ${name} ${why}`);
  };
  assertOptedIn(`ECS service ${name}`, service.optedIn);
  if (service.schedulingStrategy === 'DAEMON') refuse('is a DAEMON service: it has no desired count to scale');
  if (service.desiredCount === 0) refuse('has a desired count of 0 already: start it first');
}

/** @throws FaultRefused */
function refuseForNow(name: string, { deploymentInProgress, runningCount, desiredCount }: ServiceState): void {
  if (deploymentInProgress) {
    throw new FaultRefused(`ECS service ${name} has a deployment in progress: wait until it has completed`);
  }
  if (runningCount < desiredCount) {
    throw new FaultRefused(`ECS service ${name} runs ${runningCount} of ${desiredCount} tasks: it is not healthy`);
  }
}

function dependency(target: Target, p: Parameters) {
  const found = target[p.service];
  if (!found) throw new FaultRefused(doesNotApply(target, `no ${p.service}`));
  return found;
}
