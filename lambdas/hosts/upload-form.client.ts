import type { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';

/** One slice of samples is some kB. */
const mostBytes = 10 * 1024 * 1024;

/**
 * A form with which somebody without rights of their own uploads files below one prefix for some time, in the form that
 * the sampler's document takes: Base64 of `{ url, fields, prefix }`.
 */
export async function uploadForm(s3: S3Client, bucket: string, prefix: string, seconds: number): Promise<string> {
  const { url, fields } = await createPresignedPost(s3, {
    Bucket: bucket,
    // It is S3 that puts the file's name in here.
    Key: `${prefix}\${filename}`,
    Conditions: [
      ['starts-with', '$key', prefix],
      ['content-length-range', 1, mostBytes],
    ],
    Expires: seconds,
  });
  return Buffer.from(JSON.stringify({ url, fields, prefix })).toString('base64');
}
