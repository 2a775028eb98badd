/** What the server tells the page. */

export interface ShownAxis {
  /** Epoch seconds. */
  start: number;
  step: number;
  points: number;
}

export type ShownWidget = { width: number; title: string } & (
  | {
      kind: 'lines';
      axis: ShownAxis;
      series: { name: string; values: (number | null)[] }[];
      most: number;
      limit: number | null;
    }
  | { kind: 'text'; markdown: string }
  /** Mark-up of a custom widget, which comes without scripts. */
  | { kind: 'html'; html: string }
  | { kind: 'problem'; text: string }
);

export interface ShownDashboard {
  name: string;
  seconds: number;
  widgets: ShownWidget[];
}

export interface ShownRun {
  runId: string;
  scenario: string;
  target: string;
  phase: string;
  verdict: string | null;
  reason: string | null;
  createdAt: number;
}

export interface ShownState {
  /** Where the emulator is; null while no run is going on on this machine. */
  endpoint: string | null;
  /** Why nothing can be shown although something may be going on. */
  problem: string | null;
  dashboards: string[];
  runs: ShownRun[];
  /** Of this machine's folder of reports, the latest first. */
  reports: { id: string; at: number }[];
}
