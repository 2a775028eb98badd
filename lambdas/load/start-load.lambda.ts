import { S3Client } from '@aws-sdk/client-s3';
import { runStep } from '../aws/step.ts';
import { startSampling } from '../hosts/sampling.ts';
import { uploadForm } from '../hosts/upload-form.client.ts';
import { environment } from '../runs/environment.ts';
import { startLoad } from './load.ts';
import { runLoadTasks } from './run-load-tasks.ts';

export const handler = runStep({}, async (run) => {
  const { BUCKET_NAME, UPLOAD_ENDPOINT: endpoint } = environment('BUCKET_NAME', 'UPLOAD_ENDPOINT');
  const s3 = new S3Client(endpoint ? { endpoint, forcePathStyle: true } : {});
  await startSampling(run, (prefix, seconds) => uploadForm(s3, BUCKET_NAME, prefix, seconds));
  return startLoad(run, runLoadTasks(run));
});
