import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** Long enough to follow it, too short to pass it on. */
const validSeconds = 300;

/** Links with which whoever has them reads one object of the evidence bucket for a while. */
export class DownloadsClient {
  private readonly s3: S3Client;
  private readonly bucket: string;

  /** @param s3 signs for the address at which those who follow the link reach S3 */
  constructor(s3: S3Client, bucket: string) {
    this.s3 = s3;
    this.bucket = bucket;
  }

  link(key: string): Promise<string> {
    return getSignedUrl(this.s3, new GetObjectCommand({ Bucket: this.bucket, Key: key }), { expiresIn: validSeconds });
  }
}
