import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../../src/adapters/yaml/yaml.ts';
import { checkDocuments } from '../../../src/application/resources/check.ts';
import { count } from '../../kit/counts.ts';
import { openRig } from './rig.ts';
import { document, everyKind, file, hostKey } from './samples.ts';

/** `spec` begins in line 5. */
function of(kind: string, spec: string, name = 'x'): string {
  return `apiVersion: sallyport/v1\nkind: ${kind}\nmetadata:\n  name: ${JSON.stringify(name)}\nspec:\n${spec.replaceAll(/^/gm, '  ')}\n`;
}

/** Problems of the shape alone; `line:column message`. */
function shape(text: string): string[] {
  const parsed = parseYaml(text);
  if (!parsed.ok) return [`${parsed.problem.line}:${parsed.problem.column} ${parsed.problem.message}`];
  return checkDocuments(parsed.documents).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

describe('the shape of a document', () => {
  it.each([
    ['just: text\n', ['1:1 kind: is missing']],
    ['- 1\n', ['1:1 a resource is a map with apiVersion, kind, metadata and spec']],
    ['kind: Targt\n', ['1:7 kind: is unknown; did you mean Target?']],
    ['kind: [a]\n', ['1:7 kind: must be a text']],
    ['kind: Site\n', ['1:7 kind: Site is not supported by this version']],
    ['kind: Site\n', ['1:7 kind: Site is not supported by this version']],
    ['apiVersion: v2\nkind: Group\nmetadata: {name: g}\nspec: {}\n', ['1:13 apiVersion: must be sallyport/v1']],
    ['apiVersion: sallyport/v1\nkind: Group\nspec: {}\n', ['1:1 metadata: is missing']],
    [
      'apiVersion: sallyport/v1\nkind: Group\nmetadata: {}\nspec: {}\nmore: 1\n',
      ['3:11 metadata.name: is missing', '5:1 more: is unknown here; did you mean kind?'],
    ],
    [of('User', 'emial: a@b.c'), ['6:3 spec.emial: is unknown here; did you mean email?']],
    [of('User', 'groups: ops'), ['6:11 spec.groups: must be a list']],
    [of('User', 'groups:\n  - ops\n  - 7'), ['8:7 spec.groups[1]: must be a text; put it in quotes']],
    [of('User', 'disabled: maybe'), ['6:13 spec.disabled: must be true or false']],
    [of('User', 'password: 12345678'), ['6:13 spec.password: must be a text; put it in quotes']],
    [of('User', 'password: ""'), ['6:13 spec.password: must not be empty']],
    [of('User', 'email:'), ['6:3 spec.email: is empty; give it a value or leave the line out']],
    [of('FactorProvider', 'atLogin: "true"'), ['6:3 spec.type: is missing']],
    [of('FactorProvider', 'type: radius'), ['6:9 spec.type: is not supported by this version']],
    [of('FactorProvider', 'type: sms'), ['6:9 spec.type: must be one of totp, webauthn']],
    [of('FactorProvider', 'type: totp\natLogin: true'), ['7:12 spec.atLogin: must be a text; put it in quotes']],
    [of('FactorProvider', 'type: totp\natlogin: "true"'), ['7:3 spec.atlogin: is unknown here; did you mean atLogin?']],
    [of('Role', 'permissions: []'), ['6:16 spec.permissions: must name at least one permission']],
    [of('Role', 'permissions: [all]'), ['6:17 spec.permissions[0]: must be one of self, audit, administer, operate']],
    [of('Target', 'protocol: telnet\naddress: h:23'), ['6:13 spec.protocol: must be one of ssh, rdp, postgres, mysql']],
    [
      of('Target', 'protocol: ssh\naddress: h'),
      ['7:12 spec.address: must be host:port, or [v6]:port, such as db1.example.org:5432'],
    ],
    [
      of('Target', 'protocol: postgres\naddress: h:5432\ntrust: {tls: {ca: no}}'),
      ['8:21 spec.trust.tls.ca: holds no certificate, or a damaged one; write certificates in PEM'],
    ],
    [
      of('Target', 'protocol: postgres\naddress: h:5432\ntrust: {tls: {system: false}}'),
      ['8:25 spec.trust.tls.system: must be true, or be left out'],
    ],
    [
      of('Target', 'protocol: postgres\naddress: h:5432\ntrust: {tls: {certificateSha256: abcd}}'),
      [
        '8:36 spec.trust.tls.certificateSha256: is no SHA-256 of a certificate: write 64 hex digits, as "openssl x509 -noout -fingerprint -sha256" prints them',
      ],
    ],
    [
      of('Target', `protocol: ssh\naddress: h:22\ntrust:\n  hostKeys:\n    - ssh-rsa ${hostKey.slice(12)}`),
      [
        '10:9 spec.trust.hostKeys[0]: is no whole public key line; write "ssh-ed25519 AAAA…" as in the file /etc/ssh/ssh_host_ed25519_key.pub',
      ],
    ],
    [of('Credential', 'generate: strong'), ['6:3 spec.generate: is not supported by this version']],
    [
      of('Account', 'target: t\nusername: u\ncredential: {password: p}\nrotation: {every: 1d}'),
      ['9:3 spec.rotation: is not supported by this version'],
    ],
    [
      of('Account', 'directory: d\nusername: u\ncredential: {password: p}'),
      ['6:3 spec.target: is missing', '6:3 spec.directory: is not supported by this version'],
    ],
    [
      of('Condition', 'expression: "true"\nrepeat: 1m\nremedy: {}'),
      [
        '8:11 spec.remedy.kind: is missing',
        '8:11 spec.remedy.text: is missing',
        '7:3 spec.repeat: is not supported by this version',
      ],
    ],
    ...['otp', 'password', 'authenticate'].map((kind): [string, string[]] => [
      of('Condition', `expression: "true"\nremedy: {provider: radius, text: t, kind: ${kind}}`),
      [
        '7:45 spec.remedy.kind: is not supported by this version',
        '7:12 spec.remedy.provider: is not supported by this version',
      ],
    ]),
    [
      of('Condition', 'expression: "true"\nremedy: {kind: ask, text: "a\\u001bb"}'),
      [
        '7:18 spec.remedy.kind: must be one of reason, message',
        '7:29 spec.remedy.text: holds control or invisible characters',
      ],
    ],

    [
      of('Entitlement', 'site: s\nnetwork: []\naccess: {targets: [t]}'),
      ['6:3 spec.site: is not supported by this version', '7:3 spec.network: is not supported by this version'],
    ],
    [
      of('Entitlement', 'access: {targets: [t], channels: {rdp: {}, shh: {}}}'),
      [
        '6:37 spec.access.channels.rdp: is not supported by this version',
        '6:46 spec.access.channels.shh: is unknown here; did you mean ssh?',
      ],
    ],
    [
      of(
        'Entitlement',
        `access:
  targets: [t]
  channels:
    ssh:
      shell: maybe
      exec: 1
      files: all
      maxFileBytes: 0
      forward:
        - db1:5432
        - db1:0
        - 'db1:65536'
        - '::1:22'
        - '[db1]:22'
        - db1
        - 'a b:22'
      env: [LC_*, '*', 'A*B', 'X=1', 1X]
      typed: no
      sftp: true`,
      ),
      [
        '10:16 spec.access.channels.ssh.shell: must be true or false',
        '11:15 spec.access.channels.ssh.exec: must be true or false',
        '12:16 spec.access.channels.ssh.files: must be one of both, upload, download, none',
        '13:23 spec.access.channels.ssh.maxFileBytes: must be a size above zero: a number of bytes, or one such as 100MB (10^6) or 100MiB (2^20)',
        ...[16, 17, 18, 19, 20, 21].map(
          (line, index) =>
            `${String(line)}:13 spec.access.channels.ssh.forward[${String(index + 1)}]: must be host:port, or [v6]:port, such as db1.example.org:5432`,
        ),
        ...[21, 26, 33, 40].map(
          (column, index) =>
            `22:${String(column)} spec.access.channels.ssh.env[${String(index + 1)}]: must be the name of a variable, or the beginning of names and a *, such as LC_*`,
        ),
        '23:16 spec.access.channels.ssh.typed: must be true or false',
        '24:9 spec.access.channels.ssh.sftp: is unknown here; did you mean shell?',
      ],
    ],
    [
      of(
        'Entitlement',
        `access:
  targets: [t]
  channels:
    postgres:
      databases: [app, 'dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd']
      readOnly: 1
      allow: [selct, drop tabel, copy from]
      deny: [Everything]
      objects: {allow: [a.b.c], deny: ['*', '"A".b', 'a b']}
      maxRows: 0
      maxBytes: -1
      notUnderstood: maybe
      statements: none
      readonly: true`,
      ),
      [
        '10:26 spec.access.channels.postgres.databases[1]: must be the name of a database, at most 63 bytes',
        '11:19 spec.access.channels.postgres.readOnly: must be true or false',
        '12:17 spec.access.channels.postgres.allow[0]: is no kind of statement; did you mean select?',
        '12:24 spec.access.channels.postgres.allow[1]: is no kind of statement; did you mean drop table?',
        '13:16 spec.access.channels.postgres.deny[0]: is no kind of statement; did you mean checkpoint?',
        ...[
          '27 spec.access.channels.postgres.objects.allow[0]',
          ...['42', '47', '56'].map(
            (column, index) => `${column} spec.access.channels.postgres.objects.deny[${String(index)}]`,
          ),
        ].map(
          (place) => `14:${place}: must be name, schema.name or schema.*, as the database stores names, without quotes`,
        ),
        '15:18 spec.access.channels.postgres.maxRows: must be a number of rows above zero',
        '16:19 spec.access.channels.postgres.maxBytes: must be a size above zero: a number of bytes, or one such as 100MB (10^6) or 100MiB (2^20)',
        '17:24 spec.access.channels.postgres.notUnderstood: must be one of deny, mark',
        '18:21 spec.access.channels.postgres.statements: must be one of full, redacted, fingerprint',
        '19:9 spec.access.channels.postgres.readonly: is unknown here; did you mean readOnly?',
      ],
    ],
    ...['100mb', '-1', '1.5', '[1]', '{}', '""', '10 MB', '9999999TB'].map((text): [string, string[]] => [
      of('Entitlement', `access: {targets: [t], channels: {ssh: {maxFileBytes: ${text}}}}`),
      [
        '6:57 spec.access.channels.ssh.maxFileBytes: must be a size above zero: a number of bytes, or one such as 100MB (10^6) or 100MiB (2^20)',
      ],
    ]),
    [
      of('Entitlement', 'access: {targets: [t]}\nmaxSession: 30'),
      ['7:15 spec.maxSession: must be a duration such as 30m or 8h'],
    ],
    [of('Entitlement', 'access: {targets: [t]}\nidle: 0m'), ['7:9 spec.idle: must be a duration such as 30m or 8h']],
    [
      of('Entitlement', 'access: {targets: [t]}\nrecording: maybe'),
      ['7:14 spec.recording: must be one of required, strict, preferred, off'],
    ],
    [of('SshKey', 'username: u\ngenerate: dsa'), ['7:13 spec.generate: must be one of ed25519, rsa, ecdsa']],
    [
      of('Group', 'members: []').replace('name: "x"', 'name: "x"\n  labels: {a: 1}'),
      ['5:15 metadata.labels.a: must be a text; put it in quotes'],
    ],
    [
      of('Group', 'members: []').replace('name: "x"', 'name: "x"\n  labels: {"a b": c}'),
      ['5:12 metadata.labels.a b: is no label name: letters, digits and . _ / - between them, at most 63'],
    ],
    [of('Group', '{}', 'a\u0007b'), ['4:9 metadata.name: holds control or invisible characters']],
    ['a: [1\n', ['2:1 the indentation does not fit the lines above, or a closing bracket is missing']],
  ])('%j', (text, expected) => {
    expect(shape(text)).toEqual(expected);
  });

  it('names the same resource twice', () => {
    const twice = file(document('User', 'Ann', '{}'), document('Group', 'Ann', '{}'), document('User', 'ann', '{}'));
    expect(shape(twice)).toEqual(['13:18 metadata.name: this User stands in document 1 already']);
  });

  it('never quotes a value', () => {
    for (const text of [
      of('User', 'password: {hunter2: hunter2}'),
      of('User', 'password: [hunter2]'),
      of('Credential', 'password: !x hunter2'),
    ]) {
      expect(JSON.stringify(shape(text))).not.toContain(': hunter2');
      expect(shape(text)).toHaveLength(1);
    }
  });

  it('any change of any byte gives documents or problems, and never throws', () => {
    const edits = fc.array(
      fc.tuple(fc.nat(everyKind.length), fc.nat(12), fc.string({ unit: 'binary', maxLength: 6 })),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(edits, (list) => {
        const text = list.reduce((old, [at, cut, put]) => old.slice(0, at) + put + old.slice(at + cut), everyKind);
        for (const problem of shape(text)) expect(problem).toMatch(/^[1-9]\d*:[1-9]\d* ./);
      }),
      { numRuns: count(400, 50_000) },
    );
  });

  it('any values in the place of spec and metadata', () => {
    const key = fc.oneof(
      fc.constantFrom('__proto__', 'constructor', 'toString', 'name', 'labels', 'access', 'trust', 'password'),
      fc.string(),
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        fc.string(),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(
        fc.constantFrom('User', 'Role', 'Target', 'SshKey', 'Account', 'Entitlement', 'Policy'),
        value,
        value,
        (kind, spec, meta) => {
          const text = JSON.stringify({ apiVersion: 'sallyport/v1', kind, metadata: meta, spec });
          expect(Array.isArray(shape(text))).toBe(true);
        },
      ),
      { numRuns: count(1_000, 100_000) },
    );
  });
});

describe('what stands against a document', () => {
  it('is named with its place', async () => {
    const rig = await openRig();
    await rig.outcomes(everyKind);
    const problems = async (text: string): Promise<string[]> => rig.problems(text);
    expect(await problems(of('Group', 'members:\n  - alice\n  - nobody'))).toEqual([
      '8:7 spec.members[1]: there is no User named "nobody", here or in this file',
    ]);
    expect(await problems(of('User', 'roles: [admin, boss]'))).toEqual([
      '6:18 spec.roles[1]: there is no Role named "boss", here or in this file',
    ]);
    expect(await problems(of('User', '{}', 'a:b'))).toEqual([
      expect.stringMatching(/^4:9 metadata.name: a name holds none of ~ \[ \] # :/),
    ]);
    expect(await problems(of('Target', 'protocol: ssh\naddress: h:22', 'a#b'))).toEqual([
      expect.stringMatching(/^4:9 metadata.name: .*none of/),
    ]);
    expect(
      await problems(of('Account', 'target: web1\nusername: "a~b"\ncredential: {password: root-password}')),
    ).toEqual([expect.stringMatching(/^7:13 spec.username: /)]);
    expect(
      await problems(of('Account', 'target: web1\nusername: root\ncredential: {password: root-password}')),
    ).toEqual(['7:13 spec.username: another Account with this username is on the same target']);
    expect(await problems(of('Account', 'target: web1\nusername: u\ncredential: {}'))).toEqual([
      '8:15 spec.credential: must name either password (a Credential) or sshKey (an SshKey)',
    ]);
    expect(await problems(of('Target', 'protocol: rdp\naddress: h:22', 'web1'))).toEqual([
      expect.stringMatching(/^6:13 spec.protocol: /),
    ]);
    expect(await problems(of('Target', 'protocol: ssh\naddress: h:70000'))).toEqual([
      expect.stringMatching(/^7:12 spec.address: .*65535/),
    ]);
    expect(await problems(of('Target', `protocol: rdp\naddress: h:3389\ntrust: {hostCa: ['${hostKey}']}`))).toEqual([
      '8:19 spec.trust.hostCa: belongs to targets with protocol ssh',
    ]);
    expect(await problems(of('Target', `protocol: rdp\naddress: h:3389\ntrust: {hostKeys: ['${hostKey}']}`))).toEqual([
      '8:21 spec.trust.hostKeys: belongs to targets with protocol ssh',
    ]);
    expect(await problems(of('Target', 'protocol: ssh\naddress: h:22\ntrust: {tls: {system: true}}'))).toEqual([
      '8:16 spec.trust.tls: belongs to targets with another protocol than ssh: those have host keys',
    ]);
    expect(await problems(of('Target', 'protocol: postgres\naddress: h:5432\ntrust: {tls: {}}'))).toEqual([
      expect.stringMatching(/^8:\d+ spec.trust.tls: .* takes one of ca /),
    ]);
    expect(await problems(of('Condition', 'expression: "true"\nremedy: {kind: reason, text: why}'))).toEqual([
      expect.stringMatching(/^7:\d+ spec.remedy.kind: .* use claims.user.reason in it/),
    ]);
    expect(await problems(of('FactorProvider', 'type: totp\natLogin: "claims.user.reason != 1"'))).toEqual([
      expect.stringMatching(/^7:12 spec.atLogin: factor provider "x": atLogin: /),
    ]);
    expect(await problems(of('FactorProvider', 'type: totp\natToken: "claims.device.os == 1"'))).toEqual([
      expect.stringMatching(/^7:12 spec.atToken: factor provider "x": atToken: /),
    ]);
    expect(await problems(of('Condition', 'expression: "claims.user.name =="'))).toEqual([
      expect.stringMatching(/^6:15 spec.expression: /),
    ]);
    expect(await problems(of('Policy', 'assign: "true"'))).toEqual([expect.stringMatching(/^6:3 spec: /)]);
    expect(await problems(of('Policy', 'assign: "1 + 1"\nentitlements: [shell]'))).toEqual([
      expect.stringMatching(/^6:11 spec.assign: /),
    ]);
    expect(await problems(of('Policy', 'assign: "true"\nentitlements: [shell]\nlabels: {a: b}'))).toEqual([
      '8:11 spec.labels: cannot stand beside entitlements; give one of the two',
    ]);
    expect(await problems(of('Entitlement', 'access: {}'))).toEqual([expect.stringMatching(/^6:11 spec.access: /)]);
    expect(await problems(of('Role', 'permissions: [administer]', 'auditor'))).toEqual([
      expect.stringMatching(/^4:9 metadata.name: .*built in/),
    ]);
    expect(await problems(of('SshKey', 'username: u'))).toEqual([
      '6:3 spec: privateKey or generate is missing: a new SshKey needs one of them',
    ]);
    expect(await problems('')).toEqual(['1:1 the text holds no resource']);
  });
});
