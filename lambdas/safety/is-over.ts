import type { Services } from '../runs/run-context.ts';

/** Whether a run has ended and left no fault: it was finished or never recorded, and has nothing to undo. */
export const isOver =
  ({ runs, undoRecords }: Pick<Services, 'runs' | 'undoRecords'>) =>
  async (runId: string): Promise<boolean> => {
    const [run, isRestored] = await Promise.all([runs.find(runId), undoRecords.isRestored(runId)]);
    return isRestored && (run === null || run.phase === 'done');
  };
