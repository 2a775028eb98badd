/** How a run shows itself: `step` begins a line, `update` changes it. */
export interface Display {
  step(title: string): void;
  update(text: string): void;
  done(text?: string): void;
  failed(text: string): void;
}
