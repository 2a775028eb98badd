import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { type Answers, answerOf, configText, mistakeIn, questionsFor } from '../../../lib/config/questions.ts';
import type { AddCommand } from '../command.ts';
import { initHelp } from '../help.ts';
import { here } from '../here.ts';
import { WrongUsage } from '../wrong-usage.ts';

/** `init`: a faultline.yaml, by asking or with the usual answers. */
export const addInit: AddCommand = (program, { command, stdout, isTerminal, input }) => {
  command(program, 'init', initHelp)
    .description('writes a faultline.yaml by asking; every question has a sensible answer')
    .option('-c, --config <file>', 'the file to write', 'faultline.yaml')
    .option('-y, --yes', 'ask nothing: take the usual answers')
    .option('--force', 'write over a file that is there')
    .action(async (options: { config: string; yes?: boolean; force?: boolean }) => {
      const file = resolve(options.config);
      if (existsSync(file) && !options.force)
        throw new WrongUsage(`${options.config} is there; --force writes over it`);
      if (!existsSync(dirname(file))) throw new WrongUsage(`there is no folder ${dirname(options.config)}`);
      if (!options.yes && !isTerminal) throw new WrongUsage('nobody can be asked here: use --yes, or a terminal');
      const folder = dirname(file);
      const found = { folderName: basename(folder), locustFile: locustFileIn(folder) };
      const answers = await answered(found, options.yes ? null : { input, stdout });
      writeFileSync(file, configText(answers));
      const missing = existsSync(join(folder, answers.locustFile)) ? '' : `; write ${answers.locustFile} beside it`;
      stdout(`wrote ${here(file)}${missing}. Next: npm run faultline -- target check --config ${here(file)}\n`);
    });
};

type Asking = { input: NodeJS.ReadableStream; stdout(text: string): void };

/** Every answer; of a person, asked again until it is no mistake. */
async function answered(found: Parameters<typeof questionsFor>[0], asking: Asking | null): Promise<Answers> {
  const answers: Partial<Answers> = {};
  const lines = asking && createInterface({ input: asking.input })[Symbol.asyncIterator]();
  for (const question of questionsFor(found)) {
    if (!question.applies(answers)) continue;
    const usual = question.usual(answers);
    answers[question.name] = usual;
    if (!asking || !lines) continue;
    for (;;) {
      asking.stdout(`${question.text} [${usual}]: `);
      const { value, done } = await lines.next();
      if (done) throw new WrongUsage('the answers ended before the questions did; nothing was written');
      answers[question.name] = answerOf(value, usual);
      const mistake = mistakeIn(question, answers);
      if (mistake === null) break;
      asking.stdout(`  ${mistake}\n`);
    }
  }
  await lines?.return?.();
  return answers as Answers;
}

/** The first Python file that mentions Locust, else the usual name. */
function locustFileIn(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.py'));
  const usual = 'locustfile.py';
  const isLocust = (name: string) => /\blocust\b/.test(readFileSync(join(folder, name), 'utf8'));
  return files.includes(usual) ? usual : (files.find(isLocust) ?? usual);
}
