import type {
  Admission,
  AdmissionRequest,
  EndListener,
  NoticeListener,
  ProxyDoor,
} from '../../application/admission/door.ts';
import { internalFault } from './goodbye.ts';
import type { LoginName } from './login-name.ts';

/** Who is at the door, from where and with which program, and what their login name asks for. */
interface Asking extends Omit<AdmissionRequest, 'destination'> {
  readonly name: LoginName;
}

/** The one question whose yes is a session. Never rejects: an error is a no. */
export async function askAdmission(
  door: Pick<ProxyDoor, 'admit'>,
  { name, ...asking }: Asking,
  end: EndListener,
  notice: NoticeListener,
): Promise<Admission> {
  const destination = { target: name.target, account: name.account };
  return await door.admit({ ...asking, destination }, end, notice).catch(() => ({ ok: false, message: internalFault }));
}
