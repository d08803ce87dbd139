import type { Route, ViewerContext } from '../../application/ports/http-route.ts';
import type { FactorFace } from '../../application/ports/login-face.ts';
import { isStreamIdOf } from '../../domain/kernel/ids.ts';
import { errorAnswer, jsonAnswer } from '../../wire/json-http.ts';
import { fieldsOf, text, textOrNull } from './fields.ts';
import { outcomeAnswer } from './own-routes.ts';

/** A passkey's answer is the longest of what is sent here. */
const bodyLimit = 32_768;
const longestText = 16_384;
const longestName = 256;

/** One's own second factors (docs/protocols/http.md, "Second factors"). */
export function factorRoutes(face: FactorFace): readonly Route[] {
  const post = (path: string, handler: (request: Request, context: ViewerContext) => Promise<Response>): Route => ({
    method: 'POST',
    path,
    access: 'viewer',
    bodyLimit,
    handler,
  });
  return [
    {
      method: 'GET',
      path: '/auth/factors',
      access: 'viewer',
      handler: async (_request, { viewer }) => jsonAnswer(200, { factors: await face.ownFactors(viewer) }),
    },
    post('/auth/factors/totp', async (request, { viewer }) => {
      const fields = await fieldsOf(request, ['label']);
      return outcomeAnswer(await face.beginTotp(viewer, text(fields, 'label', longestName)));
    }),
    post('/auth/factors/totp/finish', async (request, { viewer }) => {
      const fields = await fieldsOf(request, ['sealed', 'code']);
      const wish = { sealed: text(fields, 'sealed', longestText), code: text(fields, 'code', longestName) };
      return outcomeAnswer(await face.finishTotp(viewer, wish));
    }),
    post('/auth/factors/webauthn', async (request, { viewer }) => {
      const fields = await fieldsOf(request, ['label']);
      return outcomeAnswer(await face.beginWebauthn(viewer, text(fields, 'label', longestName)));
    }),
    post('/auth/factors/webauthn/finish', async (request, { viewer }) => {
      const fields = await fieldsOf(request, ['sealed', 'credential']);
      const wish = {
        sealed: text(fields, 'sealed', longestText),
        credential: text(fields, 'credential', longestText),
      };
      return outcomeAnswer(await face.finishWebauthn(viewer, wish));
    }),
    post('/auth/factors/recovery-codes', async (request, { viewer }) => {
      const fields = await fieldsOf(request, ['user']);
      return outcomeAnswer(await face.drawRecoveryCodes(viewer, textOrNull(fields, 'user', longestName)));
    }),
    {
      method: 'DELETE',
      path: '/auth/factors/:id',
      access: 'viewer',
      handler: async (_request, { viewer, params: { id = '' } }) =>
        isStreamIdOf('factor', id)
          ? outcomeAnswer(await face.removeFactor(viewer, id))
          : errorAnswer(404, { code: 'absent', message: 'there is no such factor that you may remove' }),
    },
  ];
}
