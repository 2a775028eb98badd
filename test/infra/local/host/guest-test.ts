import { hostUnavailable } from '../../../../infra/local/host/unavailable.ts';

export const unavailable = hostUnavailable();
if (unavailable !== null) process.stderr.write(`no managed host on this machine: ${unavailable}\n`);

/** A test that needs a guest: skipped where none can be had, and why is printed. */
export const guestTest = unavailable === null ? test : test.skip;
