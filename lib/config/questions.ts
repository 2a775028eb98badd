import { parseDocument, stringify } from 'yaml';
import { written } from './placeholders.ts';
import { ConfigInvalid, parseConfig } from './read-config.ts';

/** What `faultline init` is told, by question. An empty address says that there is no such part. */
export type Answers = Record<QuestionName, string>;

export interface Question {
  name: QuestionName;
  text: string;
  /** The key of the configuration that the answer becomes. */
  key: string;
  usual(answers: Partial<Answers>): string;
  /** Whether it makes sense after what was answered before. */
  applies(answers: Partial<Answers>): boolean;
}

/** What a folder tells by itself. */
export interface Found {
  folderName: string;
  locustFile: string;
}

const names = [
  ...['id', 'endpoint', 'healthPath', 'locustFile', 'cluster'],
  ...['databaseHost', 'databaseService', 'databaseName', 'databaseSecret', 'cacheHost', 'cacheService'],
  ...['command', 'port'],
] as const;
type QuestionName = (typeof names)[number];

const always = () => true;
const withDatabase = ({ databaseHost }: Partial<Answers>) => databaseHost !== '';
const withCache = ({ cacheHost }: Partial<Answers>) => cacheHost !== '';

/** In the order in which they are asked; each has a sensible answer of its own. */
export const questionsFor = ({ folderName, locustFile }: Found): Question[] => [
  question('id', 'Name of the target', 'id', () => idOf(folderName)),
  question('endpoint', 'Address of the application', 'endpoint', ({ id }) => `http://${id}.internal:8000`),
  question('healthPath', 'Path of its health check', 'health.path', () => '/health'),
  question('locustFile', 'Locust file', 'load.files.0', () => locustFile),
  question('cluster', 'ECS cluster of database and cache', 'database.service.cluster', ({ id }) => id ?? ''),
  question(
    'databaseHost',
    'Host of its PostgreSQL (- for none)',
    'database.host',
    ({ id }) => `database.${id}.internal`,
  ),
  question('databaseService', 'ECS service of the database', 'database.service.name', () => 'database', withDatabase),
  question(
    'databaseName',
    'Name of the database',
    'database.name',
    ({ id }) => (id ?? '').replaceAll('-', '_'),
    withDatabase,
  ),
  question('databaseSecret', 'Secret with its login', 'database.secret', ({ id }) => `${id}/database`, withDatabase),
  question('cacheHost', 'Host of its Redis (- for none)', 'cache.host', ({ id }) => `cache.${id}.internal`),
  question('cacheService', 'ECS service of the cache', 'cache.service.name', () => 'cache', withCache),
  question('command', 'Command that starts the application here', 'local.application.command', () => 'node server.js'),
  question('port', 'Port that it listens on', 'local.application.port', ({ endpoint }) => portOf(endpoint)),
];

function question(
  name: QuestionName,
  text: string,
  key: string,
  usual: Question['usual'],
  applies: Question['applies'] = always,
): Question {
  return { name, text, key, usual, applies };
}

/** As somebody types it: `-` is none. */
export const answerOf = (typed: string, usual: string): string => {
  const text = typed.trim();
  return text === '-' ? '' : text || usual;
};

/** The mistake that an answer would be in the configuration, in a line; null where it is none. */
export function mistakeIn(question: Question, answers: Partial<Answers>): string | null {
  try {
    parseConfig(configText(answers), 'faultline.yaml');
    return null;
  } catch (error) {
    if (!(error instanceof ConfigInvalid)) throw error;
    const own = error.mistakes.find((line) => new RegExp(`: ${question.key.replaceAll('.', '\\.')}[.:]`).test(line));
    return own?.replace(/^faultline\.yaml(:\d+)?: /, '') ?? null;
  }
}

/** The configuration that the answers come to, with a word on what may be added. */
export function configText(answers: Partial<Answers>): string {
  const { id = '', endpoint = '', healthPath = '', locustFile = '', cluster = '', port = '', command = '' } = answers;
  const { databaseHost, databaseService, databaseName, databaseSecret, cacheHost, cacheService } = answers;
  const database = databaseHost && {
    service: { cluster, name: databaseService },
    host: databaseHost,
    name: databaseName,
    secret: databaseSecret,
  };
  const cache = cacheHost && { service: { cluster, name: cacheService }, host: cacheHost };
  const environment = {
    PORT: written('port'),
    ...(database && { DATABASE_URL: databaseUrl }),
    ...(cache && { REDIS_URL: `redis://${written('cache.host')}:${written('cache.port')}` }),
  };
  const document = parseDocument(
    stringify({
      id,
      endpoint,
      health: { path: healthPath },
      load: { files: [locustFile] },
      ...(database && { database }),
      ...(cache && { cache }),
      thresholds: { maximumSeconds: 1800 },
      targets: { rpoSeconds: { users: 900, transactions: 300, sessions: 60 } },
      local: {
        application: {
          command: command.split(/\s+/).filter((word) => word !== ''),
          port: /^\d+$/.test(port) ? Number(port) : port,
          environment,
        },
        ...(database && { database: {} }),
        ...(cache && { cache: {} }),
      },
    }),
  );
  for (const [path, text] of Object.entries(comments)) {
    const pair = document.get(path, true);
    if (pair) before(document, path, text);
  }
  return document.toString({ lineWidth: 0 });
}

const [user, password, host, port, name] = ['user', 'password', 'host', 'port', 'name'].map((part) =>
  written(`database.${part}`),
);
const databaseUrl = `postgres://${user}:${password}@${host}:${port}/${name}`;

const comments = {
  endpoint: ' The application, as the load generator and the observer reach it.',
  load: ' Locust files as they are, from the folder of this file on.',
  database: ' The ECS services carry the tag faultline:opt-in=true: without it nothing is done to them.',
  thresholds: ' What ends a run before its time: errorRate, p95, alarms, maximumSeconds.',
  targets: ' RTO (rtoSeconds, by scenario) and RPO. More keys: hosts, metrics, readback, excludedWindows.',
  local: ' How `npm start -- --config <this file>` starts it on this machine; nothing of it is used elsewhere.',
};

function before(document: ReturnType<typeof parseDocument>, key: string, text: string): void {
  const { items } = document.contents as unknown as { items: { key: { value: string; commentBefore?: string } }[] };
  const item = items.find((one) => one.key.value === key);
  if (item) item.key.commentBefore = text;
}

function idOf(folderName: string): string {
  const id = folderName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 31);
  return id === '' ? 'shop' : id;
}

const portOf = (endpoint = '') => URL.parse(endpoint)?.port || '8000';
