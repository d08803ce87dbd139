import type { Application } from '../../application/ports/application-face.ts';
import type { FactorFace, LoginFace } from '../../application/ports/login-face.ts';
import type { Sealing } from '../../application/ports/sealing.ts';

/** What the pages drive. They decide nothing: every answer goes to the face, and what it says is shown. */
export interface PageDeps {
  readonly face: LoginFace & FactorFace & Pick<Application, 'logout'>;
  readonly sealing: Sealing;
}

/** Characters of what forms send. */
export const longest = { name: 256, answer: 4_096, label: 64, link: 256, id: 128, destination: 1_024 } as const;
