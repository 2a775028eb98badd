import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** Windows, ledgers, read-backs and reports: what a run measured, by key. */
export class EvidenceBucket extends Construct {
  private readonly bucket: Bucket;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      versioned: true,
      lifecycleRules: [
        { noncurrentVersionExpiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  get bucketName(): string {
    return this.bucket.bucketName;
  }

  grantRead(grantee: IGrantable): void {
    this.allow(grantee, ['s3:ListBucket'], this.bucket.bucketArn);
    this.allow(grantee, ['s3:GetObject'], this.bucket.arnForObjects('*'));
  }

  grantReadWrite(grantee: IGrantable): void {
    this.grantRead(grantee);
    this.allow(grantee, ['s3:PutObject'], this.bucket.arnForObjects('*'));
  }

  /** For the load generator: it writes its runs' evidence and reads nothing. */
  grantPut(grantee: IGrantable): void {
    this.allow(grantee, ['s3:PutObject'], this.bucket.arnForObjects('runs/*'));
  }

  private allow(grantee: IGrantable, actions: string[], resource: string): void {
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [resource] }));
  }
}
