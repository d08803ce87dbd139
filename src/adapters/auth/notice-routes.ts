import type { RequestContext, Route } from '../../application/ports/http-route.ts';
import { jsonAnswer } from '../../wire/json-http.ts';

const bodyLimit = 16_384;

/** Where providers tell us of a logout there: OpenID Connect Back-Channel Logout 1.0, section 2.5 to 2.8. */
export function noticeRoutes(providerNotice: (provider: string, token: string) => Promise<boolean>): readonly Route[] {
  const notice = async (request: Request, { params }: RequestContext): Promise<Response> => {
    const [token, second] = new URLSearchParams(await request.text()).getAll('logout_token');
    if (token === undefined || second !== undefined) return refusal('send one logout_token');
    if (!(await providerNotice(params.provider ?? '', token))) return refusal('the logout_token was not taken');
    return new Response(null, { status: 200, headers: { 'cache-control': 'no-store' } });
  };
  const path = '/auth/oidc/:provider/backchannel-logout';
  return [{ method: 'POST', path, access: 'public', body: 'form', fromPrograms: true, bodyLimit, handler: notice }];
}

/** RFC 6749, section 5.2, as section 2.8 has it, and the one body of our failures in one. */
function refusal(message: string): Response {
  const errors = [{ code: 'invalid_request', message }];
  return jsonAnswer(400, { error: 'invalid_request', error_description: message, errors });
}
