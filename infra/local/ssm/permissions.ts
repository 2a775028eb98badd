import type { HostChannel } from '../host/host-channel.ts';
import type { Operation, RequestOf } from './requests.ts';

/** One thing that a caller must be allowed to do. Context keys are as policies name them. */
export interface Permission {
  service: 'ssm';
  action: string;
  resource: string;
  context: Record<string, string>;
}

export interface Account {
  region: string;
  account: string;
}

/**
 * What Systems Manager wants of the caller: to send a command, the document and each host, for whose tags a policy may
 * ask; for a document's text, the document. Its other operations here have no resource to name.
 */
export function permissionsFor<O extends Operation>(
  operation: O,
  request: RequestOf<O>,
  hosts: readonly HostChannel[],
  place: Account,
): Permission[] {
  const permission = (resource: string, context = {}): Permission => {
    return { service: 'ssm', action: `ssm:${operation}`, resource, context };
  };
  const documentArn = (name: string) => `arn:aws:ssm:${place.region}:${place.account}:document/${name}`;
  if ('DocumentName' in request) {
    const onHosts = request.InstanceIds.map((id) => permission(hostArn(id, place), tagContext(hosts, id)));
    return [permission(documentArn(request.DocumentName)), ...onHosts];
  }
  return [permission('Name' in request ? documentArn(request.Name) : '*')];
}

function hostArn(id: string, { region, account }: Account): string {
  const kind = id.startsWith('mi-') ? 'managed-instance' : 'instance';
  return `arn:aws:${kind === 'instance' ? 'ec2' : 'ssm'}:${region}:${account}:${kind}/${id}`;
}

/** A host that nobody knows has no tags: who may send to tagged hosts only is refused it. */
function tagContext(hosts: readonly HostChannel[], instanceId: string): Record<string, string> {
  const tags = hosts.find((host) => host.instanceId === instanceId)?.tags ?? {};
  const keys = (key: string) => [`ssm:resourceTag/${key}`, `aws:ResourceTag/${key}`];
  return Object.fromEntries(Object.entries(tags).flatMap(([key, value]) => keys(key).map((one) => [one, value])));
}
