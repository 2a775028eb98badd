import { encodeIntoCompressedBase64, Int32Histogram } from 'hdr-histogram-js';
import type { Outcome, Window } from '../../../../lambdas/evidence/window.ts';

/** What one request met. */
export interface Answer {
  outcome: Outcome;
  ms: number;
  /** HTTP status of a failure; 0 without a response. */
  status?: number;
  retryAfter?: boolean;
  text?: string;
  cache?: 'hit' | 'miss' | 'error';
  queries?: number;
}

export interface Request extends Answer {
  /** When it ended. */
  at: number;
  endpoint: string;
}

export const endpoints = ['GET /', 'GET /stories', 'GET /stories/[id]', 'POST /whispers'] as const;

export const encode = (milliseconds: readonly number[]): string => {
  const histogram = new Int32Histogram(1, 120_000_000, 3);
  for (const ms of milliseconds) histogram.recordValue(Math.max(1, Math.round(ms * 1000)));
  return encodeIntoCompressedBase64(histogram);
};

/** The windows of requests, as the recording plug-in writes them: by second, endpoint and outcome. */
export function windowsOf(requests: readonly Request[], users = 100): Window[] {
  const bySecond = Map.groupBy(requests, (r) => Math.floor(r.at));
  return [...bySecond.entries()].map(([t, all]) => ({
    t,
    users,
    cells: [...Map.groupBy(all, (r) => `${r.endpoint}|${r.outcome}`).values()].map((same) => ({
      endpoint: same[0]!.endpoint,
      outcome: same[0]!.outcome,
      count: same.length,
      histogram: encode(same.map((r) => r.ms)),
    })),
    retryAfter: all.filter((r) => r.retryAfter).length,
    errorSamples: all
      .filter((r) => r.outcome !== 'ok')
      .slice(0, 3)
      .map((r) => ({
        endpoint: r.endpoint,
        outcome: r.outcome,
        status: r.status ?? 0,
        contentType: r.status ? 'application/problem+json' : null,
        retryAfter: r.retryAfter ? '1' : null,
        text: r.text ?? '',
        ms: r.ms,
      })),
  }));
}
