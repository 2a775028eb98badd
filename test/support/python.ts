import { join, resolve } from 'node:path';

/** The Python environment that the set-up makes. */
export const faultlinePython = () =>
  process.env.FAULTLINE_PYTHON ?? join(resolve(import.meta.dirname, '..', '..'), '.faultline', 'venv', 'bin', 'python');
