import { apiPort, endpointAddress } from '../../infra/local/addresses.ts';
import type { VariableName } from '../../lambdas/runs/environment.ts';
import type { Mode } from '../mode.ts';

/** A host of the local run reaches S3 where its tasks do, which is not where Lambdas find the emulator. */
export const uploadEndpoint = (mode: Mode): Partial<Record<VariableName, string>> =>
  mode === 'local' ? { UPLOAD_ENDPOINT: `http://${endpointAddress}:${apiPort}` } : {};
