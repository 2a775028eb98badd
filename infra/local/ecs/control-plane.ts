import {
  type Deployment,
  DescribeServicesCommand,
  type ECSClient,
  paginateListClusters,
  paginateListServices,
  type Service,
} from '@aws-sdk/client-ecs';
import type { ServiceLimits } from './decide.ts';
import { serviceKey } from './task-record.ts';

/** What the control plane wants of a service. */
export interface ServiceView extends ServiceLimits {
  cluster: string;
  name: string;
  primary: Deployment | undefined;
  subnet: string | null;
}

const servicesAtOnce = 10;

/** Every cluster's ARN and every active service, by `serviceKey`. */
export async function readServices(
  ecs: ECSClient,
): Promise<{ clusters: string[]; services: Map<string, ServiceView> }> {
  const clusters: string[] = [];
  const services = new Map<string, ServiceView>();
  for await (const page of paginateListClusters({ client: ecs }, {})) clusters.push(...(page.clusterArns ?? []));
  for (const cluster of clusters) {
    const names: string[] = [];
    for await (const page of paginateListServices({ client: ecs }, { cluster }))
      names.push(...(page.serviceArns ?? []));
    for (let at = 0; at < names.length; at += servicesAtOnce) {
      const command = new DescribeServicesCommand({ cluster, services: names.slice(at, at + servicesAtOnce) });
      for (const service of (await ecs.send(command)).services ?? []) {
        const view = viewOf(service, cluster.split('/').at(-1) ?? '');
        services.set(serviceKey(view.cluster, view.name), view);
      }
    }
  }
  return { clusters, services };
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
