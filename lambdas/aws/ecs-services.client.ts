import {
  type ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
} from '@aws-sdk/client-application-auto-scaling';
import {
  DescribeServicesCommand,
  type ECSClient,
  ServiceNotActiveException,
  ServiceNotFoundException,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';

export class ServiceNotFound extends Error {
  constructor(cluster: string, service: string, reason: string) {
    super(`ECS service '${service}' in cluster '${cluster}': ${reason}`);
    this.name = 'ServiceNotFound';
  }
}

/** Only what has this tag may be faulted. */
export const optInTag = { key: 'faultline:opt-in', value: 'true' } as const;

export interface ServiceState {
  /** Whether it has the opt-in tag. */
  optedIn: boolean;
  desiredCount: number;
  runningCount: number;
  schedulingStrategy: 'REPLICA' | 'DAEMON';
  deploymentInProgress: boolean;
}

/** Which of a service's scaling activities are suspended. */
export interface SuspendedScaling {
  scheduled: boolean;
  in: boolean;
  out: boolean;
}

/** Runtime access to the scale of ECS services and to their auto scaling. */
export class EcsServices {
  private readonly ecs: ECSClient;
  private readonly scaling: ApplicationAutoScalingClient;

  constructor(ecs: ECSClient, scaling: ApplicationAutoScalingClient) {
    this.ecs = ecs;
    this.scaling = scaling;
  }

  /** @throws ServiceNotFound */
  async describe(cluster: string, service: string): Promise<ServiceState> {
    const { services, failures } = await this.ecs.send(
      new DescribeServicesCommand({ cluster, services: [service], include: ['TAGS'] }),
    );
    const found = services?.[0];
    if (!found) throw new ServiceNotFound(cluster, service, failures?.[0]?.reason ?? 'not found');
    if (found.status !== 'ACTIVE') throw new ServiceNotFound(cluster, service, `status ${found.status}`);
    const deployments = found.deployments ?? [];
    return {
      optedIn: found.tags?.some(({ key, value }) => key === optInTag.key && value === optInTag.value) ?? false,
      desiredCount: found.desiredCount ?? 0,
      runningCount: found.runningCount ?? 0,
      schedulingStrategy: found.schedulingStrategy ?? 'REPLICA',
      deploymentInProgress: deployments.length > 1 || deployments.some((d) => d.rolloutState === 'IN_PROGRESS'),
    };
  }

  /** @throws ServiceNotFound */
  async setDesiredCount(cluster: string, service: string, desiredCount: number): Promise<void> {
    try {
      await this.ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount }));
    } catch (error) {
      if (error instanceof ServiceNotFoundException || error instanceof ServiceNotActiveException)
        throw new ServiceNotFound(cluster, service, error.message);
      throw error;
    }
  }

  async autoScaling(cluster: string, service: string): Promise<SuspendedScaling | null> {
    const { ScalableTargets } = await this.scaling.send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: 'ecs', ResourceIds: [`service/${cluster}/${service}`] }),
    );
    const found = ScalableTargets?.[0];
    if (!found) return null;
    const state = found.SuspendedState ?? {};
    return {
      scheduled: state.ScheduledScalingSuspended ?? false,
      in: state.DynamicScalingInSuspended ?? false,
      out: state.DynamicScalingOutSuspended ?? false,
    };
  }

  async setAutoScalingSuspended(cluster: string, service: string, suspended: SuspendedScaling): Promise<void> {
    await this.scaling.send(
      new RegisterScalableTargetCommand({
        ServiceNamespace: 'ecs',
        ResourceId: `service/${cluster}/${service}`,
        ScalableDimension: 'ecs:service:DesiredCount',
        SuspendedState: {
          ScheduledScalingSuspended: suspended.scheduled,
          DynamicScalingInSuspended: suspended.in,
          DynamicScalingOutSuspended: suspended.out,
        },
      }),
    );
  }
}
