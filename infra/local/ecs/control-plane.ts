import {
  type Deployment,
  DescribeServicesCommand,
  type ECSClient,
  paginateListClusters,
  paginateListServices,
  paginateListTasks,
  type Service,
} from '@aws-sdk/client-ecs';
import type { ServiceLimits } from './decide.ts';
import { nameOf } from './task-record.ts';

/** What the control plane wants of a service. */
export interface ServiceView extends ServiceLimits {
  cluster: string;
  name: string;
  primary: Deployment | undefined;
  subnet: string | null;
}

const servicesAtOnce = 10;

/** What it wants in one cluster. */
export interface ClusterView {
  services: ServiceView[];
  /** ARNs of the tasks that are to run. */
  tasks: string[];
}

/** The names of every cluster. */
export async function readClusters(ecs: ECSClient): Promise<string[]> {
  const names: string[] = [];
  for await (const { clusterArns = [] } of paginateListClusters({ client: ecs }, {})) {
    names.push(...clusterArns.map(nameOf));
  }
  return names;
}

/** @throws ClusterNotFoundException */
export async function readCluster(ecs: ECSClient, cluster: string): Promise<ClusterView> {
  const [services, tasks] = await Promise.all([readServices(ecs, cluster), readTasks(ecs, cluster)]);
  return { services, tasks };
}

async function readServices(ecs: ECSClient, cluster: string): Promise<ServiceView[]> {
  const names: string[] = [];
  for await (const page of paginateListServices({ client: ecs }, { cluster })) names.push(...(page.serviceArns ?? []));
  const services: ServiceView[] = [];
  for (let at = 0; at < names.length; at += servicesAtOnce) {
    const command = new DescribeServicesCommand({ cluster, services: names.slice(at, at + servicesAtOnce) });
    services.push(...((await ecs.send(command)).services ?? []).map((service) => viewOf(service, cluster)));
  }
  return services;
}

async function readTasks(ecs: ECSClient, cluster: string): Promise<string[]> {
  const arns: string[] = [];
  for await (const page of paginateListTasks({ client: ecs }, { cluster, desiredStatus: 'RUNNING' })) {
    arns.push(...(page.taskArns ?? []));
  }
  return arns;
}

function viewOf(service: Service, cluster: string): ServiceView {
  return {
    cluster,
    name: service.serviceName ?? '',
    desiredCount: service.desiredCount ?? 0,
    maximumPercent: service.deploymentConfiguration?.maximumPercent ?? 200,
    primary: service.deployments?.find(({ status }) => status === 'PRIMARY'),
    subnet: service.networkConfiguration?.awsvpcConfiguration?.subnets?.[0] ?? null,
  };
}
