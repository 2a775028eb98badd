import { Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import { FaultlineFunction } from '../functions/faultline-function.ts';
import type { Network } from '../network/network.ts';
import type { EvidenceBucket } from '../store/evidence-bucket.ts';
import type { Targets } from '../targets/targets.ts';
import { backupHooks } from './backup-hooks.ts';

export interface DatabaseDumpProps {
  network: Network;
  targets: Targets;
  evidence: EvidenceBucket;
  environment: Partial<Record<VariableName, string>>;
}

/** The backup hook for databases that fit into a Lambda: a script of the tables in the evidence bucket. */
export class DatabaseDump extends Construct {
  constructor(scope: Construct, id: string, { network, targets, evidence, environment }: DatabaseDumpProps) {
    super(scope, id);
    const dump = new FaultlineFunction(this, 'Function', {
      handler: 'backup/dump-database.lambda.ts',
      functionName: backupHooks.databaseDump,
      timeout: Duration.seconds(150),
      environment,
      inVpc: {
        network,
        securityGroup: network.securityGroup('BackupTraffic', 'Nothing comes in', []),
      },
    });
    targets.grantReadConfiguration(dump);
    targets.grantDatabaseLogin(dump);
    evidence.grantPutBackups(dump);
  }
}
