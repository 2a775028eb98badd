import type { RecordedCall } from '../aws/recorded-calls.ts';
import { statusDocument } from './host-status.ts';

interface SentCommand {
  DocumentName?: string;
  Parameters?: Record<string, string[]>;
}

/**
 * What of the calls to SSM goes on record: not a look at a host, which changes nothing. The form with which a host
 * uploads is for that host alone.
 */
export const recordedCommands =
  (record: (call: RecordedCall) => Promise<void>) =>
  async (call: RecordedCall): Promise<void> => {
    const sent = call.parameters as SentCommand;
    if (sent.DocumentName === statusDocument) return;
    const Parameters = sent.Parameters?.Upload ? { ...sent.Parameters, Upload: ['(hidden)'] } : sent.Parameters;
    await record({ ...call, parameters: { ...sent, ...(Parameters && { Parameters }) } });
  };
