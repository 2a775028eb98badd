import {
  App,
  type AppProps,
  Aspects,
  CliCredentialsStackSynthesizer,
  PermissionsBoundary,
  RemovalPolicies,
} from 'aws-cdk-lib';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { readConfig } from './config/read-config.ts';
import { DashboardsStack } from './dashboards-stack.ts';
import { DocumentsStack } from './documents-stack.ts';
import { EmulatorScope } from './emulator/emulator-scope.ts';
import { FaultlineStack } from './faultline-stack.ts';
import { Images } from './images/images.ts';
import { LoadStack } from './load-stack.ts';
import { LocalTargetStack } from './local-target-stack.ts';
import { OwnTargetStack } from './own-target-stack.ts';
import { SampleTargetStack } from './sample-target-stack.ts';
import { readSettings } from './settings.ts';

/**
 * The whole app from its context (`cdk deploy -c workers=10`): the same for an account and for an emulator, but for
 * what the emulator cannot do. @throws SettingsInvalid
 */
export function faultlineApp(props: AppProps = {}): App {
  const app = new App(props);
  const { mode, permissionsBoundary, ...settings } = readSettings(app.node);
  const common = {
    mode,
    env: { account: process.env.CDK_DEFAULT_ACCOUNT, region: process.env.CDK_DEFAULT_REGION ?? 'us-east-1' },
    // With IAM enforced, the emulator's bootstrap roles may not read the asset bucket.
    ...(mode === 'local' && { synthesizer: new CliCredentialsStackSynthesizer() }),
    ...(permissionsBoundary && { permissionsBoundary: PermissionsBoundary.fromName(permissionsBoundary) }),
  };
  const images = new Images({ mode, repositories: settings.images });
  const { config, password = '' } = settings;
  const { network, targets } = config
    ? new LocalTargetStack(app, 'FaultlineLocalTarget', { ...common, config: readConfig(config).config, password })
    : settings.vpc
      ? new OwnTargetStack(app, 'FaultlineOwnTarget', { ...common, ...settings })
      : new SampleTargetStack(app, 'FaultlineSampleTarget', {
          ...common,
          ...settings,
          images,
          appOn: settings.appOn ?? (mode === 'aws' ? 'host' : 'service'),
          durableCache: settings.durableCache ?? mode === 'aws',
        });
  const { load } = new LoadStack(app, 'FaultlineLoad', { ...common, ...settings, network, images });
  const core = new FaultlineStack(app, 'Faultline', { ...common, ...settings, network, targets, load, images });
  const { table, evidence, variables: environment } = core;
  new DashboardsStack(app, 'FaultlineDashboards', { ...common, ...settings, table, evidence, environment });
  // What was said of what is gone is gone as well. What a deployment leaves behind is in docs/deploying.md.
  RemovalPolicies.of(app).destroy({ applyToResourceTypes: [CfnLogGroup.CFN_RESOURCE_TYPE_NAME] });
  if (mode === 'local') Aspects.of(app).add(new EmulatorScope());
  else new DocumentsStack(app, 'FaultlineDocuments', common);
  return app;
}
