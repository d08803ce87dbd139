import type { AnswerChallenge } from '../../domain/authentication/commands.ts';
import type { UserId } from '../../domain/kernel/ids.ts';
import { userDecider } from '../../domain/user/decider.ts';
import type { UserState } from '../../domain/user/state.ts';
import { readState } from '../commands/run-command.ts';
import type { AuthenticationTools } from './tools.ts';

export async function userState(
  { tools }: Pick<AuthenticationTools, 'tools'>,
  userId: UserId | null,
): Promise<UserState> {
  return userId === null ? { status: 'absent' } : (await readState(tools.log, userDecider, userId)).state;
}

/** Who is not there, or is not any more, is as one who may not. */
export function standingOf(user: UserState): AnswerChallenge['userStanding'] {
  if (user.status !== 'active') return 'disabled';
  return user.password?.mustChange === true ? 'must-change' : 'active';
}
