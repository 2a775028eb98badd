import { type CloudWatchClient, GetDashboardCommand } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';

const bodySchema = z.object({
  widgets: z.array(z.object({ type: z.string(), properties: z.object({ title: z.string().optional() }).optional() })),
});

export interface Widget {
  type: string;
  title: string | null;
}

/** Runtime access to CloudWatch dashboards. */
export class DashboardsClient {
  private readonly cloudwatch: CloudWatchClient;

  constructor(cloudwatch: CloudWatchClient) {
    this.cloudwatch = cloudwatch;
  }

  /** @throws where there is none of this name */
  async widgets(name: string): Promise<Widget[]> {
    const { DashboardBody } = await this.cloudwatch.send(new GetDashboardCommand({ DashboardName: name }));
    const { widgets } = bodySchema.parse(JSON.parse(DashboardBody ?? '{"widgets":[]}'));
    return widgets.map(({ type, properties }) => ({ type, title: properties?.title ?? null }));
  }
}
