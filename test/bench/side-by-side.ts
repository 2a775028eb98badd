/** Where one has failed the others end too, and that is waited for. @throws what the first one threw */
export async function sideBySide<T>(
  signal: AbortSignal,
  works: readonly ((signal: AbortSignal) => Promise<T>)[],
): Promise<T[]> {
  const ending = new AbortController();
  const either = AbortSignal.any([signal, ending.signal]);
  const done = works.map((work) =>
    work(either).catch((error) => {
      ending.abort(error);
      throw error;
    }),
  );
  await Promise.allSettled(done);
  either.throwIfAborted();
  return Promise.all(done);
}
