import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf, configText, questionsFor } from '../../../lib/config/questions.ts';
import { parseConfig, readConfig } from '../../../lib/config/read-config.ts';

const folder = join('docs', 'examples', 'parse-server');

/** The terminal session in the example's page: each question that was answered with something of its own. */
const typed = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^(.+?) \[.*\]: (.+)$/gm)].map(
  ([, question, answer]) => [question!, answer!] as const,
);

test('the public example is what its page answers to init, with what only its team knows added', () => {
  const own = new Map(typed);
  const answers: Parameters<typeof configText>[0] = {};
  for (const { name, text, usual } of questionsFor({ folderName: 'parse-server', locustFile: 'locustfile.py' })) {
    answers[name] = answerOf(own.get(text) ?? '', usual(answers));
    own.delete(text);
  }
  expect([...own.keys()]).toEqual([]);
  const written = parseConfig(configText(answers), 'faultline.yaml');
  const { config } = readConfig(join(folder, 'faultline.yaml'));
  for (const key of ['id', 'endpoint', 'load', 'database', 'cache'] as const) expect(config[key]).toEqual(written[key]);
  expect(config.health.path).toBe(written.health.path);
  const { command, port } = config.local!.application;
  expect({ command, port }).toEqual({
    command: written.local!.application.command,
    port: written.local!.application.port,
  });
});
