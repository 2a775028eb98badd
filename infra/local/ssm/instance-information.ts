import type { HostChannel } from '../host/host-channel.ts';
import { pageOf } from './page.ts';
import type { RequestOf } from './requests.ts';
import { SsmError } from './ssm-error.ts';

/** The first version of the SSM Agent that puts parameters into the environment, which is what this fault plane does. */
const agentVersion = '3.3.2746.0';

type Wire = Record<string, unknown>;
type Filter = RequestOf<'DescribeInstanceInformation'>['Filters'][number];

/** The managed hosts that match every filter. @throws SsmError InvalidFilterKey, InvalidNextToken */
export function describeInstanceInformation(
  hosts: readonly HostChannel[],
  request: RequestOf<'DescribeInstanceInformation'>,
): Wire {
  const found = hosts
    .filter((host) => request.Filters.every((filter) => isMatch(host, filter)))
    .toSorted((a, b) => a.instanceId.localeCompare(b.instanceId));
  const { page, more } = pageOf(found, request);
  return { InstanceInformationList: page.map(informationOf), ...more };
}

function informationOf(host: HostChannel) {
  return {
    InstanceId: host.instanceId,
    PingStatus: host.online() ? 'Online' : 'ConnectionLost',
    LastPingDateTime: host.lastPing() / 1000,
    AgentVersion: agentVersion,
    IsLatestVersion: true,
    PlatformType: 'Linux',
    PlatformName: host.platform.name,
    PlatformVersion: host.platform.version,
    ResourceType: 'EC2Instance',
    IPAddress: host.address,
    ComputerName: host.name,
    AssociationStatus: '',
  };
}

function isMatch(host: HostChannel, { Key, Values }: Filter): boolean {
  return Values.some((value) => valuesOf(host, Key).includes(value));
}

function valuesOf(host: HostChannel, key: string): string[] {
  if (key.startsWith('tag:')) return [host.tags[key.slice('tag:'.length)] ?? []].flat();
  const information = informationOf(host);
  switch (key) {
    case 'tag-key':
      return Object.keys(host.tags);
    case 'InstanceIds':
      return [host.instanceId];
    case 'PingStatus':
      return [information.PingStatus];
    case 'PlatformTypes':
      return [information.PlatformType];
    case 'ResourceType':
      return [information.ResourceType];
    case 'AgentVersion':
      return [information.AgentVersion];
    default:
      throw new SsmError('InvalidFilterKey', `${key} is no key to filter managed nodes by here.`);
  }
}
