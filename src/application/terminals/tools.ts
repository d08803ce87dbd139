import type { BrowserDoor } from '../admission/door.ts';
import type { CommandTools } from '../commands/run-command.ts';
import type { ReachEntry } from '../ports/my-access.ts';
import type { BrowserTerminals } from '../ports/browser-terminals.ts';
import type { ReadModels } from '../ports/read-models.ts';
import type { DrawSecret, ProcessLog } from '../ports/system.ts';
import type { Viewer } from '../ports/viewer.ts';

export interface TerminalTools {
  readonly tools: CommandTools;
  readonly processLog: ProcessLog;
  readonly drawSecret: DrawSecret;
  readonly door: BrowserDoor;
  readonly browser: BrowserTerminals;
  readonly views: Pick<ReadModels, 'targetCatalogue'>;
  readonly reach: (viewer: Viewer) => Promise<readonly ReachEntry[]>;
  /** How long a terminal waits for a page that was lost, in milliseconds. */
  readonly detachedMilliseconds: number;
}
