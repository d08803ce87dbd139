import { randomBytes } from 'node:crypto';
import type { DrawSecret } from '../../application/ports/system.ts';

export const drawSecret: DrawSecret = () => randomBytes(32).toString('base64url');
