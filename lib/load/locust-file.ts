import { existsSync, statSync } from 'node:fs';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct } from 'constructs';

const inBucket = /^s3:\/\/([a-z0-9.-]{3,63})\/(.+)$/;

/**
 * Locust files beside those in the image, the sample application's: the image's entry point brings them from S3
 * (infra/locust/entrypoint.py). Which of them a run's users are in, its target says.
 */
export class LocustFile extends Construct {
  readonly environment: Record<string, string>;
  private readonly objectArn: string | null = null;

  constructor(scope: Construct, id: string, given: string | undefined) {
    super(scope, id);
    if (given === undefined) {
      this.environment = {};
      return;
    }
    const [, bucket, key] = inBucket.exec(given) ?? [];
    if (bucket !== undefined) {
      this.objectArn = `arn:aws:s3:::${bucket}/${key}`;
      this.environment = { FAULTLINE_LOCUST_FILE: given };
      return;
    }
    assertUsable(given);
    const { bucket: staging, s3ObjectKey, s3ObjectUrl } = new Asset(this, 'Asset', { path: given });
    this.objectArn = staging.arnForObjects(s3ObjectKey);
    this.environment = { FAULTLINE_LOCUST_FILE: s3ObjectUrl };
  }

  grantRead(grantee: IGrantable): void {
    if (this.objectArn === null) return;
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.objectArn] }),
    );
  }
}

/** @throws Error that says what is missing */
function assertUsable(path: string): void {
  if (!existsSync(path))
    throw new Error(`locustFile: there is no '${path}'; give a .py file, a folder or s3://bucket/key`);
  if (!statSync(path).isDirectory() && !/\.(py|zip)$/.test(path)) {
    throw new Error(`locustFile: '${path}' is no .py file, no .zip and no folder`);
  }
}
