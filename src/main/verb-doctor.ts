import { existsSync } from 'node:fs';
import type { Context } from '../client/context.ts';
import { Refused } from '../client/errors.ts';
import { positionals, textOption, type Verb } from '../client/verb.ts';
import { visibleText } from '../domain/kernel/visible-text.ts';
import type { Config } from './config.ts';
import { type Finding, ok, problem } from '../application/finding.ts';
import { checkDisk, checkMasterKey, checkModes, checkOwner } from './doctor/folder-checks.ts';
import { checkLog } from './doctor/log-checks.ts';
import { checkProviders } from './doctor/provider-findings.ts';
import { checkCertificates, checkDoors, checkRuntime } from './doctor/running-checks.ts';
import { readConfig } from './read-config.ts';

export const doctor: Verb = {
  name: 'doctor',
  usage: '',
  summary: 'what is wrong with this installation, and how to mend it; changes nothing',
  options: {},
  async run(context, given) {
    positionals(given);
    const { dataFolder } = context;
    const { config, finding } = configOf(context, textOption(given, 'config'));
    const findings = [...checkRuntime(), finding, ...(await installationFindings(dataFolder, config))];
    if (context.options.format === 'table') for (const found of findings) context.line(lineOf(found));
    else
      context.list(
        findings.map((found) => ({ ...found })),
        [],
        '',
      );
    const problems = findings.filter(({ state }) => state === 'problem').length;
    if (problems > 0)
      throw new Refused(`${problems} ${problems === 1 ? 'problem' : 'problems'}; see above how to mend it`);
  },
};

async function installationFindings(dataFolder: string, config: Config | null): Promise<readonly Finding[]> {
  if (!existsSync(dataFolder)) {
    return [
      problem(
        'data folder',
        `${dataFolder} is not there`,
        'name another with --data DIR, or `sallyport start` makes it',
      ),
    ];
  }
  const checks = [
    () => [checkOwner(dataFolder)],
    () => [checkModes(dataFolder)],
    () => [checkMasterKey(dataFolder, config?.get('master.key'))],
    () => [checkDisk(dataFolder)],
    () => checkCertificates(dataFolder, config),
    () => checkLog(dataFolder),
    () => checkDoors(dataFolder),
    () => checkProviders(dataFolder, config),
  ];
  const findings: Finding[] = [];
  for (const check of checks) {
    try {
      findings.push(...(await check()));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      findings.push(problem('data folder', message, 'run as the owner of the data folder'));
    }
  }
  return findings;
}

function configOf(
  context: Context,
  file: string | undefined,
): { readonly config: Config | null; readonly finding: Finding } {
  const { dataFolder, environment } = context;
  try {
    const config = readConfig(dataFolder, file ?? environment.SALLYPORT_CONFIG, environment);
    return { config, finding: ok('configuration', 'every setting is known and well formed') };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      config: null,
      finding: problem('configuration', message, 'mend it; docs/how-to/configuration.md lists every setting'),
    };
  }
}

function lineOf({ check, state, message, mend }: Finding): string {
  const hint = mend === null ? '' : ` -> ${mend}`;
  return visibleText(`${state.padEnd(8)} ${check}: ${message}${hint}`);
}
