export class RunOver extends Error {
  constructor(runId: string) {
    super(`run '${runId}' is over`);
    this.name = 'RunOver';
  }
}

export class ReportNotFound extends Error {
  constructor(gameDayId: string, file: string) {
    super(`game-day '${gameDayId}' has no ${file} yet; it is written when the game-day has ended`);
    this.name = 'ReportNotFound';
  }
}
