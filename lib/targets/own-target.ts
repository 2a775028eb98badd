import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { TargetRights } from './targets.ts';

/** A target that is not this app's: its configuration is written by whoever owns it, and its services carry the tag. */
export class OwnTarget extends Construct implements TargetRights {
  readonly targetId: string;
  readonly login;
  readonly loginArn: string;
  /** Its log groups are those with the tag. */
  readonly logArn = null;

  constructor(scope: Construct, id: string, { targetId, loginArn }: { targetId: string; loginArn: string }) {
    super(scope, id);
    this.targetId = targetId;
    this.loginArn = loginArn;
    this.login = Secret.fromSecretCompleteArn(this, 'DatabaseLogin', loginArn);
  }
}
