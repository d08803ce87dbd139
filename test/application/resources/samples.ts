/** One document of every kind, each naming others, some of them before they are declared. */
export const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ2sw5Vqmxfm/rUdXPWQOeV/QbvmuJBuIVN8LElL2KOM';

export const everyKind = `apiVersion: sallyport/v1
kind: Policy
metadata: {name: operators}
spec:
  assign: '"ops" in claims.user.groups'
  entitlements: [shell]
---
apiVersion: sallyport/v1
kind: Entitlement
metadata: {name: shell, labels: {team: ops}}
spec:
  access:
    targets: [web1]
    accounts: [root]
    protocols: [ssh]
  conditions: [office hours]
  maxSession: 8h
  idle: 1h30m
---
apiVersion: sallyport/v1
kind: Condition
metadata: {name: office hours}
spec: {expression: 'claims.system.local.hour >= 8', remedy: {kind: message, text: come back at eight}}
---
apiVersion: sallyport/v1
kind: Group
metadata: {name: ops}
spec: {members: [alice]}
---
apiVersion: sallyport/v1
kind: User
metadata: {name: alice}
spec: {email: alice@example.org, groups: [ops], roles: [watcher], password: first-Password-1, mustChange: true}
---
apiVersion: sallyport/v1
kind: Role
metadata: {name: watcher}
spec: {permissions: [audit], scope: {labels: {team: ops}}}
---
apiVersion: sallyport/v1
kind: Target
metadata: {name: web1, labels: {team: ops}}
spec:
  protocol: ssh
  address: '[::1]:22'
  trust: {hostKeys: ['${hostKey} root@web1']}
---
apiVersion: sallyport/v1
kind: Account
metadata: {name: root-web1}
spec: {target: web1, username: root, credential: {password: root-password}}
---
apiVersion: sallyport/v1
kind: Account
metadata: {name: deploy-web1}
spec: {target: web1, username: deploy, credential: {sshKey: deploy}}
---
apiVersion: sallyport/v1
kind: Credential
metadata: {name: root-password}
spec: {password: root-Secret-1}
---
apiVersion: sallyport/v1
kind: SshKey
metadata: {name: deploy}
spec: {username: deploy, generate: ed25519, owner: deploy, mainTarget: web1, targets: [web1]}
---
apiVersion: sallyport/v1
kind: IdentityProvider
metadata: {name: corp}
spec: {type: ldap, urls: ['ldaps://192.0.2.1'], bindDn: cn=svc, bindPassword: bind-Secret-1, userBase: dc=corp}
---
apiVersion: sallyport/v1
kind: FactorProvider
metadata: {name: security keys}
spec: {type: webauthn, atLogin: '"ops" in claims.user.groups', atToken: 'claims.system.door == "web"', disabled: true}
`;

export const everyName = [
  ['Policy', 'operators'],
  ['Entitlement', 'shell'],
  ['Condition', 'office hours'],
  ['Group', 'ops'],
  ['User', 'alice'],
  ['Role', 'watcher'],
  ['Target', 'web1'],
  ['Account', 'root-web1'],
  ['Account', 'deploy-web1'],
  ['Credential', 'root-password'],
  ['SshKey', 'deploy'],
  ['IdentityProvider', 'corp'],
  ['FactorProvider', 'security keys'],
] as const;

export function document(kind: string, name: string, spec: string): string {
  return `apiVersion: sallyport/v1\nkind: ${kind}\nmetadata: {name: ${JSON.stringify(name)}}\nspec: ${spec}\n`;
}

export function file(...documents: readonly string[]): string {
  return documents.join('---\n');
}
