/** One AWS call that changed something, as it was really sent. */
export interface RecordedCall {
  at: number;
  service: string;
  operation: string;
  parameters: unknown;
  requestId: string | null;
  error: string | null;
}

type Handler = (args: { input: unknown }) => Promise<{ output?: { $metadata?: { requestId?: string } } }>;

interface MiddlewareStack {
  add(
    // Each client types its stack by its own inputs and outputs; what matters here is common to them all.
    // biome-ignore lint/suspicious/noExplicitAny: see above
    middleware: (next: any, context: any) => any,
    options: { step: 'initialize'; name: string; override: true },
  ): void;
}

/**
 * Reports every call that a client sends, with its request id, except reads (`Describe*`, `List*`, `Get*`). A call
 * whose report fails has failed: what was changed must be on record.
 * @example recordCalls(ecs, 'ecs', (call) => runs.addEvent(...))
 */
export function recordCalls(
  client: { middlewareStack: MiddlewareStack },
  service: string,
  sink: (call: RecordedCall) => Promise<void>,
  now: () => number,
): void {
  client.middlewareStack.add(
    (next: Handler, context: { commandName?: string }) => async (args: { input: unknown }) => {
      const operation = String(context.commandName ?? '').replace(/Command$/, '');
      if (/^(Describe|List|Get)/.test(operation)) return next(args);
      const call = { at: now(), service, operation, parameters: args.input };
      const result = await next(args).catch(async (error) => {
        // The call's own failure is the one to tell, even where it could not be recorded.
        await sink({ ...call, requestId: requestIdOf(error), error: String(error) }).catch(() => undefined);
        throw error;
      });
      await sink({ ...call, requestId: result.output?.$metadata?.requestId ?? null, error: null });
      return result;
    },
    { step: 'initialize', name: 'faultlineRecordedCalls', override: true },
  );
}

function requestIdOf(error: unknown): string | null {
  const metadata = (error as { $metadata?: { requestId?: string } }).$metadata;
  return metadata?.requestId ?? null;
}
