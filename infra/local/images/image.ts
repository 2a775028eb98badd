/** What one container of a task asks of its image. */
export interface ContainerContext {
  /** The container definition's `command`, or undefined for the image's own. */
  command: string[] | undefined;
  /** The container definition's environment over what ECS adds. */
  environment: Record<string, string>;
  /** The folder of this machine behind a path of the container: a volume's, or the container's own empty disk. */
  folder(containerPath: string): string;
  repository: string;
  /** The virtual environment's Python. */
  python: string;
  node: string;
  /** Where a target's own Locust files are, if it has any. */
  locustFolder: string | null;
  /** Persists between runs. */
  cacheDir: string;
}

export interface Launch {
  argv: string[];
  environment: Record<string, string>;
  workingDirectory: string;
  /** Folders that the program needs even if they lie below /tmp, which is the container's own. */
  keep?: string[];
}

/** What a container image fixes, for a program of this machine. One file an image, and a line in the registry. */
export interface Image {
  /** STOPSIGNAL. */
  stopSignal: NodeJS.Signals;
  /** USER: uid and gid, without any right beyond those of the user who started the run. */
  user: number;
  launch(context: ContainerContext): Launch;
}

/** nobody: exists on every Debian and Ubuntu. */
export const unprivilegedUser = 65_534;

/** As official images' entry points do: a command that begins with the program's own name names it once. */
export function argumentsAfter(program: string, command: string[] | undefined): string[] {
  if (command === undefined) return [];
  return command[0] === program ? command.slice(1) : command;
}
