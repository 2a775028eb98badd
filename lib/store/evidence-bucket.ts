import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

const backupRetention = Duration.days(30);

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
        // A target's own data: no longer than a game-day may have to be undone.
        { prefix: 'backups/', expiration: backupRetention, noncurrentVersionExpiration: Duration.days(1) },
        { noncurrentVersionExpiration: Duration.days(30), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  get bucketName(): string {
    return this.bucket.bucketName;
  }

  /** Runs and game-days; never a backup, which holds the target's data. */
  grantRead(grantee: IGrantable): void {
    this.allow(grantee, ['s3:ListBucket'], this.bucket.bucketArn);
    this.allow(grantee, ['s3:GetObject'], ...this.measured());
  }

  grantReadWrite(grantee: IGrantable): void {
    this.grantRead(grantee);
    this.allow(grantee, ['s3:PutObject'], ...this.measured());
  }

  /** For whoever makes backups: what is there cannot be read. */
  grantPutBackups(grantee: IGrantable): void {
    this.allow(grantee, ['s3:PutObject'], this.bucket.arnForObjects('backups/*'));
  }

  /** To see that a backup is what it was said to be. */
  grantReadBackups(grantee: IGrantable): void {
    this.allow(grantee, ['s3:GetObject'], this.bucket.arnForObjects('backups/*'));
  }

  /** For the load generator: it writes its runs' evidence and reads nothing. */
  grantPut(grantee: IGrantable): void {
    this.allow(grantee, ['s3:PutObject'], this.bucket.arnForObjects('runs/*'));
  }

  private measured(): string[] {
    return ['runs/*', 'game-days/*'].map((prefix) => this.bucket.arnForObjects(prefix));
  }

  private allow(grantee: IGrantable, actions: string[], ...resources: string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
  }
}
