/** How a run shows itself: `step` begins a line, `update` changes it. */
export interface Display {
  step(title: string): void;
  update(text: string): void;
  /** @param mark whether it came out as it should: a tick, or a warning where the terminal shows one */
  done(text?: string, mark?: 'well' | 'otherwise'): void;
  failed(text: string): void;
}
