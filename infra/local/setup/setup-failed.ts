/** Something is missing that the set-up cannot bring; each line says what, and the command that mends it. */
export class SetupFailed extends Error {
  constructor(lines: string[]) {
    super(lines.join('\n'));
    this.name = 'SetupFailed';
  }
}
