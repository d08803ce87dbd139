import { type Part, payload, Reader } from './wire.ts';

/** Message numbers (RFC 4250 section 4.1). From 80 on they belong to the connection protocol, which we speak ourselves. */
export const number = {
  disconnect: 1,
  unimplemented: 3,
  debug: 4,
  kexInit: 20,
  extInfo: 7,
  serviceRequest: 5,
  serviceAccept: 6,
  userauthRequest: 50,
  userauthBanner: 53,
  globalRequest: 80,
  requestSuccess: 81,
  requestFailure: 82,
  channelOpen: 90,
  channelOpenConfirmation: 91,
  channelOpenFailure: 92,
  channelWindowAdjust: 93,
  channelData: 94,
  channelExtendedData: 95,
  channelEof: 96,
  channelClose: 97,
  channelRequest: 98,
  channelSuccess: 99,
  channelFailure: 100,
} as const;

/** RFC 4254 section 5.1. */
export const openFailure = { prohibited: 1, connectFailed: 2, unknownType: 3, shortage: 4 } as const;

/** One message of the connection protocol (RFC 4254). Names keep every byte (latin1); `data` is a view of the payload. */
export type Message =
  | { readonly type: 'global-request'; readonly name: string; readonly wantReply: boolean }
  | {
      readonly type: 'channel-open';
      readonly kind: string;
      readonly sender: number;
      readonly window: number;
      readonly maxPacket: number;
      readonly data: Buffer;
    }
  | {
      readonly type: 'open-confirmation';
      readonly recipient: number;
      readonly sender: number;
      readonly window: number;
      readonly maxPacket: number;
    }
  | { readonly type: 'open-failure'; readonly recipient: number; readonly reason: number; readonly text: string }
  | { readonly type: 'window-adjust'; readonly recipient: number; readonly bytes: number }
  | { readonly type: 'data'; readonly recipient: number; readonly code: number; readonly data: Buffer }
  | { readonly type: 'eof' | 'close' | 'success' | 'failure'; readonly recipient: number }
  | {
      readonly type: 'channel-request';
      readonly recipient: number;
      readonly name: string;
      readonly wantReply: boolean;
      readonly data: Buffer;
    };

/** Decodes a payload of message numbers 80 to 100, without 81 and 82. Null for a number that RFC 4254 does not have. */
export function decode(bytes: Buffer): Message | null {
  const read = new Reader(bytes, 1);
  switch (bytes[0]) {
    case number.globalRequest:
      return { type: 'global-request', name: read.latin1(), wantReply: read.boolean() };
    case number.channelOpen:
      return {
        type: 'channel-open',
        kind: read.latin1(),
        sender: read.uint32(),
        window: read.uint32(),
        maxPacket: read.uint32(),
        data: read.rest(),
      };
    case number.channelOpenConfirmation:
      return {
        type: 'open-confirmation',
        recipient: read.uint32(),
        sender: read.uint32(),
        window: read.uint32(),
        maxPacket: read.uint32(),
      };
    case number.channelOpenFailure:
      return { type: 'open-failure', recipient: read.uint32(), reason: read.uint32(), text: read.utf8() };
    case number.channelWindowAdjust:
      return { type: 'window-adjust', recipient: read.uint32(), bytes: read.uint32() };
    case number.channelData:
      return { type: 'data', recipient: read.uint32(), code: 0, data: read.string() };
    case number.channelExtendedData:
      return { type: 'data', recipient: read.uint32(), code: read.uint32(), data: read.string() };
    case number.channelEof:
      return { type: 'eof', recipient: read.uint32() };
    case number.channelClose:
      return { type: 'close', recipient: read.uint32() };
    case number.channelSuccess:
      return { type: 'success', recipient: read.uint32() };
    case number.channelFailure:
      return { type: 'failure', recipient: read.uint32() };
    case number.channelRequest:
      return {
        type: 'channel-request',
        recipient: read.uint32(),
        name: read.latin1(),
        wantReply: read.boolean(),
        data: read.rest(),
      };
    default:
      return null;
  }
}

/** The messages we send. Ids are always the receiver's. */
export const encode = {
  requestSuccess: () => payload(number.requestSuccess),
  requestFailure: () => payload(number.requestFailure),
  channelOpen: (kind: string, sender: number, window: number, maxPacket: number, ...parts: readonly Part[]) =>
    payload(number.channelOpen, kind, sender, window, maxPacket, ...parts),
  openConfirmation: (recipient: number, sender: number, window: number, maxPacket: number) =>
    payload(number.channelOpenConfirmation, recipient, sender, window, maxPacket),
  openFailure: (recipient: number, reason: number, text: string) =>
    payload(number.channelOpenFailure, recipient, reason, text, ''),
  windowAdjust: (recipient: number, bytes: number) => payload(number.channelWindowAdjust, recipient, bytes),
  eof: (recipient: number) => payload(number.channelEof, recipient),
  close: (recipient: number) => payload(number.channelClose, recipient),
  success: (recipient: number) => payload(number.channelSuccess, recipient),
  failure: (recipient: number) => payload(number.channelFailure, recipient),
  request: (recipient: number, name: string, wantReply: boolean, ...parts: readonly Part[]) =>
    payload(number.channelRequest, recipient, name, wantReply, ...parts),
  serviceAccept: (name: string) => payload(number.serviceAccept, name),
  disconnect: (reason: number, text: string) => payload(number.disconnect, reason, text, ''),
  /** RFC 8308 section 3.1: the signature algorithms that a client may use. */
  serverSigAlgs: (algorithms: readonly string[]) => payload(number.extInfo, 1, 'server-sig-algs', algorithms.join(',')),
  banner: (text: string) => payload(number.userauthBanner, text, ''),
};
