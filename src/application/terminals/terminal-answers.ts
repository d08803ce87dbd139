const longest = 4096;

/**
 * What a terminal sends by itself, as xterm's ctlseqs lists it: positions and states (CSI … R, n, t, $y), what it is
 * (CSI ? … c, CSI > … c), focus (CSI I, CSI O), keyboard modes (CSI ? … u), and answers as DCS, OSC or APC strings. Of
 * what a person types only some modified F3 keys look the same.
 */
const answers = new RegExp(
  String.raw`^(?:\x1b(?:\[[?>=]?[\d;]*(?:R|n|t|c|\$y)|\[[IO]|\[\?[\d;]*u|[P\]_][^\x07\x1b]*(?:\x07|\x1b\\)))+$`,
);

/** Whether bytes from a person's terminal are nothing but its answers, which no person typed. */
export function isTerminalAnswer(data: Buffer): boolean {
  return data[0] === 0x1b && data.length <= longest && answers.test(data.toString('latin1'));
}
