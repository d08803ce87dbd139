/** What somebody does at a terminal: types `keys`, then waits until the output since then holds `sees`. */
export interface Scenario {
  readonly name: string;
  readonly shell: 'bash' | 'dash';
  readonly steps: readonly (readonly [keys: string, sees: string])[];
  /** Every statement that the recording must hold, in order: a known line, or why it is not known. */
  readonly statements: readonly (string | { readonly why: string })[];
}

export const prompt = 'ready> ';
/** Typed without an echo in several scenarios: it must stand in no record. */
export const canary = 'Canary-hunter2';

/** The end of what a command printed, and readline's next prompt. */
export const printed = (text: string): string => `${text}\r\n\u001b[?2004h${prompt}`;

const up = '\u001b[A';
const left = '\u001b[D';
const paste = (text: string): string => `\u001b[200~${text}\u001b[201~`;
const stars =
  "import os,sys,tty,termios;a=termios.tcgetattr(0);tty.setraw(0);sys.stdout.write('Pass: ');sys.stdout.flush()\n" +
  "while 1:\n c=os.read(0,1)\n if c==b'\\r':break\n os.write(1,b'*')\n" +
  "termios.tcsetattr(0,termios.TCSANOW,a);print('\\ntook it')";
export const starsFile = stars;

export const scenarios: readonly Scenario[] = [
  {
    name: 'lines with readline',
    shell: 'bash',
    steps: [
      ['echo one', 'echo one'],
      ['\r', printed('one')],
      ['\r', `\u001b[?2004h${prompt}`],
      ["printf 'two\\n'\r", printed('two')],
    ],
    statements: ['echo one', "printf 'two\\n'"],
  },
  {
    name: 'lines without readline, and an interrupted one',
    shell: 'dash',
    steps: [
      ['echo one\r', `one\r\n${prompt}`],
      ['ecXX\u007f\u007fho twoo\u007f\r', `two\r\n${prompt}`],
      ['echo never run', 'never run'],
      ['\u0003', prompt],
      ['nonsense foo\u0017\u0015echo three\r', `three\r\n${prompt}`],
    ],
    statements: ['echo one', 'echo two', 'echo three'],
  },
  {
    name: 'backspace, kill word and kill line with readline',
    shell: 'bash',
    steps: [
      ['ecXX\u007f\u007fho', 'ho'],
      [' twoo\u007f\r', printed('two')],
      ['rm -rf everything that counts\u0017\u0017', '\u001b[K'],
      ['\u0017\u0015echo three four', 'echo three four'],
      ['\u0017four\u007f\u007f\u007f\u007fand more\r', printed('three and more')],
    ],
    statements: ['echo two', 'echo three and more'],
  },
  {
    name: 'history, search, completion and the cursor',
    shell: 'bash',
    steps: [
      ['echo known\r', printed('known')],
      [up, 'echo known'],
      ['\r', printed('known')],
      ['\u0012kno', '\u001b[27mwn'],
      ['\r', printed('known')],
      ['ec\tcompleted\r', printed('completed')],
      ['cho x', 'cho x'],
      ['\u0001e\r', printed('\rx')],
      [`echo yx${left}\u007f\r`, printed('\rx')],
      ['echo known again\r', `known again\r\n\u001b[?2004h${prompt}`],
    ],
    statements: [
      'echo known',
      { why: 'history' },
      { why: 'history' },
      { why: 'completion' },
      { why: 'cursor' },
      { why: 'cursor' },
      'echo known again',
    ],
  },
  {
    name: 'passwords of read -s, getpass, su and stty -echo',
    shell: 'bash',
    steps: [
      ["read -s -p 'Secret: ' x\r", '\rSecret: '],
      [`${canary}-one\r`, `\u001b[?2004h${prompt}`],
      ["python3 -c 'import getpass; getpass.getpass()'\r", '\rPassword: '],
      [`${canary}-two\r`, `\u001b[?2004h${prompt}`],
      ['bash -c "stty -echo; echo off; read x; stty echo; echo back"\r', '\roff\r\n'],
      [`${canary}-four\r`, printed('back')],
      ['echo fine\r', printed('\rfine')],
    ],
    statements: [
      "read -s -p 'Secret: ' x",
      { why: 'not-echoed' },
      "python3 -c 'import getpass; getpass.getpass()'",
      { why: 'not-echoed' },
      'bash -c "stty -echo; echo off; read x; stty echo; echo back"',
      { why: 'not-echoed' },
      'echo fine',
    ],
  },
  {
    name: 'a password shown as stars, and one while something else prints',
    shell: 'bash',
    steps: [
      ['python3 "$STARS"\r', 'Pass: '],
      [`${canary}-stars`, '*'.repeat(canary.length + 6)],
      ['\r', printed('took it')],
      [`( (sleep 0.3; printf C; printf a; echo nary) & ); read -s x\r`, '\u001b[?2004l'],
      [canary, 'Canary\r\n'],
      ['\r', `\u001b[?2004h${prompt}`],
      ['echo fine\r', printed('\rfine')],
    ],
    statements: [
      'python3 "$STARS"',
      { why: 'not-echoed' },
      '( (sleep 0.3; printf C; printf a; echo nary) & ); read -s x',
      { why: 'not-echoed' },
      'echo fine',
    ],
  },
  {
    name: 'pasted lines',
    shell: 'bash',
    steps: [
      ['echo p1\recho p2\recho p3\r', printed('p3')],
      [paste('echo p4'), 'echo p4'],
      ['\r', printed('\rp4')],
      [paste('echo p'), 'echo p'],
      ['5\r', printed('\rp5')],
      [paste('echo p6\recho p7'), 'echo p7'],
      ['\r', printed('\rp6\r\np7')],
    ],
    statements: ['echo p1', 'echo p2', 'echo p3', 'echo p4', 'echo p5', 'echo p6\necho p7'],
  },
  {
    name: 'a pasted password behind its command',
    shell: 'bash',
    steps: [
      ['read -s -p Secret: x\r', '\rSecret:'],
      [`${canary}\necho "n:\${#x}"\n`, printed('n:14')],
      ['echo after\r', printed('\rafter')],
    ],
    statements: ['read -s -p Secret: x', { why: 'not-echoed' }, 'echo "n:${#x}"', 'echo after'],
  },
  {
    name: 'characters of several bytes',
    shell: 'bash',
    steps: [
      ['echo grüße€', 'grüße€'],
      ['\u007f\r', printed('grüße')],
      ['echo 日本語', '日本語'],
      ['\u007f\r', printed('日本')],
    ],
    statements: ['echo grüße', 'echo 日本'],
  },
  {
    name: 'a full-screen program',
    shell: 'bash',
    steps: [
      ['vim -u NONE -n\r', '\u001b[?1049h'],
      [`i${canary} in a file\u001b`, canary],
      [':q!\r', `\u001b[?2004h${prompt}`],
      ['echo fine\r', printed('\rfine')],
    ],
    statements: ['vim -u NONE -n', { why: 'full-screen' }, 'echo fine'],
  },
  {
    name: 'a line longer than the row, and typing ahead',
    shell: 'bash',
    steps: [
      [`: ${'long '.repeat(30)}\r`, `\u001b[?2004h${prompt}`],
      ["sleep 1; echo 'do'ne\r", '\n'],
      ['echo ahead\r', printed('\rahead')],
      ['echo fine\r', printed('\rfine')],
    ],
    statements: [`: ${'long '.repeat(30)}`, "sleep 1; echo 'do'ne", 'echo ahead', 'echo fine'],
  },
];
